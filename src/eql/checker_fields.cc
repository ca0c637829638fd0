// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "eql/checker_internal.h"

namespace vedette::eql {
namespace {

using event::FieldType;

constexpr std::size_t kMaxHints = 32;

Type FromFieldType(FieldType type) {
  switch (type) {
    case FieldType::kUnknown:
      return Type::kUnknown;
    case FieldType::kKeyword:
    case FieldType::kConstantKeyword:
    case FieldType::kWildcard:
    case FieldType::kText:
      return Type::kString;
    case FieldType::kBoolean:
      return Type::kBoolean;
    case FieldType::kLong:
    case FieldType::kUnsignedLong:
    case FieldType::kDouble:
      return Type::kNumber;
    case FieldType::kDate:
    case FieldType::kDateNanos:
      return Type::kDate;
    case FieldType::kIp:
      return Type::kIp;
    case FieldType::kVersion:
      return Type::kVersion;
    case FieldType::kObject:
    case FieldType::kNested:
    case FieldType::kUnsupported:
      return Type::kObject;
  }
  return Type::kUnknown;
}

const std::string* FirstName(const Field& field) {
  return field.path.empty() ? nullptr : std::get_if<std::string>(&field.path[0].key);
}

std::string DottedFrom(const Field& field, std::size_t from) {
  std::string out;
  for (std::size_t i = from; i < field.path.size(); ++i) {
    if (const auto* name = std::get_if<std::string>(&field.path[i].key)) {
      if (!out.empty()) out += '.';
      out += *name;
    }
  }
  return out;
}

}  // namespace

bool Checker::IsBound(std::string_view name) const {
  return std::find(bound_.begin(), bound_.end(), name) != bound_.end();
}

const Checker::Alias* Checker::FindAlias(std::string_view name) const {
  const auto found = std::find_if(visible_aliases_.rbegin(), visible_aliases_.rend(),
                                  [&](const Alias& alias) { return alias.name == name; });
  return found == visible_aliases_.rend() ? nullptr : &*found;
}

Type Checker::VisitField(Expr& expr, Field& field) {
  if (eg()) return VisitEndgameField(field);
  for (const Field::Part& part : field.path) {
    if (std::holds_alternative<std::uint64_t>(part.key)) {
      Report(code::kArrayIndex, expr.span, "array elements cannot be picked by position",
             "a multi-valued field is a set of values; test it as a whole");
      return Type::kUnknown;
    }
  }
  const std::string* first = FirstName(field);
  if (first == nullptr) return Type::kUnknown;
  if (field.variable) {
    if (es()) {
      Report(code::kNotInDialect, expr.span, "`$` variables belong to the endpoint dialect");
    } else if (!IsBound(*first)) {
      Report(code::kVariable, expr.span, fmt::format("nothing binds `${}` here", *first),
             "a variable lives inside the `_arraysearch` that names it");
    }
    return Type::kUnknown;
  }
  if (ep() && field.optional) {
    Report(code::kNotInDialect, expr.span, "the endpoint dialect has no optional fields")
        .help.push_back("leave the `?` out: a missing field simply has no value");
  }
  if (ep()) {
    if (const Alias* alias = FindAlias(*first); alias != nullptr && field.path.size() > 1) {
      field.alias_item = alias->item;
      return ResolveFlat(expr, field, DottedFrom(field, 1));
    }
    if (std::find(all_aliases_.begin(), all_aliases_.end(), *first) != all_aliases_.end()) {
      Report(code::kAlias, expr.span, fmt::format("the alias `{}` cannot be used here", *first),
             "an alias is known in the items after its own, and as a prefix of a field");
      return Type::kUnknown;
    }
  }
  return ResolveFlat(expr, field, DottedFrom(field, 0));
}

Type Checker::VisitEndgameField(Field& field) {
  const std::string* first = FirstName(field);
  if (first != nullptr && !IsBound(*first)) {
    field.id = fields_.Intern(*first, event::Shape::kTree);
  }
  return Type::kUnknown;
}

Type Checker::VisitTree(Expr& array) {
  auto* field = std::get_if<Field>(&array.node);
  if (field == nullptr || field->path.empty()) {
    Report(code::kWrongType, array.span, "`_arraysearch` looks through a field",
           "write the path of an array here");
    return Type::kUnknown;
  }
  if (field->variable) return VisitField(array, *field);
  std::string path = DottedFrom(*field, 0);
  if (const Alias* alias = FindAlias(*FirstName(*field)); alias != nullptr) {
    field->alias_item = alias->item;
    path = DottedFrom(*field, 1);
  }
  field->id = fields_.Intern(path, event::Shape::kTree);
  array.type = Type::kArray;
  return Type::kArray;
}

Type Checker::ResolveFlat(Expr& expr, Field& field, const std::string& path) {
  const event::Schema& schema = fields_.schema();
  const event::Schema::Field* known = schema.Find(path);
  if (known == nullptr) return UnknownField(expr, field, path);
  // Whether an object is there at all is a question of the endpoint's rules (`x != null`).
  const FieldType type = schema.TypeOf(path);
  const bool whole = ep() && (type == FieldType::kObject || type == FieldType::kNested);
  field.id = fields_.Intern(path, whole ? event::Shape::kTree : event::Shape::kFlat);
  return TypeOfKnown(expr, path, *known);
}

Type Checker::UnknownField(Expr& expr, Field& field, const std::string& path) {
  const event::Schema& schema = fields_.schema();
  if (field.optional && options_.strict_optional) return Type::kNull;
  const bool fresh = unknown_fields_.insert(path).second;
  // Edit distances to a whole schema cost; a query with dozens of unknown names gets no more hints.
  const bool hint = unknown_fields_.size() <= kMaxHints;
  if (field.optional && fresh) {
    Warn(code::kWarnOptional, expr.span,
         fmt::format("the optional field `{}` is not in the schema", path),
         "it is treated as present in the mapping and missing from every event");
  } else if (schema.open() && fresh) {
    auto& warning =
        Warn(code::kWarnUnknownField, expr.span, fmt::format("the schema has no field `{}`", path));
    const auto nearest = hint ? base::Nearest(path, schema.Names()) : std::string_view();
    if (!nearest.empty()) {
      warning.help.push_back(fmt::format("is `{}` meant?", nearest));
    }
  } else if (!field.optional && !schema.open()) {
    auto& error = Report(code::kUnknownField, expr.span, fmt::format("unknown field `{}`", path),
                         "the schema does not have it");
    const auto nearest = hint && fresh ? base::Nearest(path, schema.Names()) : std::string_view();
    if (!nearest.empty()) {
      error.help.push_back(fmt::format("is `{}` meant?", nearest));
    }
    if (es()) error.notes.push_back("`?` in front makes a field optional");
    return Type::kUnknown;
  }
  field.id = fields_.Intern(path);
  return Type::kUnknown;
}

bool Checker::HasExactSubfield(const std::string& path) const {
  std::size_t exact = 0;
  const std::string prefix = path + ".";
  for (const std::string_view name : fields_.schema().Names()) {
    if (!name.starts_with(prefix)) continue;
    const auto* child = fields_.schema().Find(name);
    const bool normalised = child->type_name.find("normalizer") != std::string::npos;
    if (child->type == FieldType::kKeyword && !normalised) ++exact;
  }
  return exact == 1;
}

Type Checker::TypeOfKnown(const Expr& expr, const std::string& path,
                          const event::Schema::Field& known) {
  const event::Schema& schema = fields_.schema();
  const auto unusable = [&](std::string_view code, const std::string& why) {
    if (!schema.open()) {
      Report(code, expr.span, fmt::format("the field `{}` cannot be used: {}", path, why));
    } else if (es()) {
      Warn(code::kWarnUnusableField, expr.span,
           fmt::format("Elasticsearch would refuse the field `{}`: {}", path, why));
    }
    return Type::kUnknown;
  };
  const FieldType type = schema.TypeOf(path);
  if (type == FieldType::kNested) return unusable(code::kUnusableField, "it is nested");
  for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1)) {
    if (schema.TypeOf(path.substr(0, dot)) == FieldType::kNested) {
      return unusable(code::kUnusableField,
                      fmt::format("its parent `{}` is nested", path.substr(0, dot)));
    }
  }
  if (type == FieldType::kObject || type == FieldType::kUnsupported) {
    const std::string name = known.type_name.empty() ? "object" : known.type_name;
    return unusable(code::kUnusableField, fmt::format("EQL has no values of type {}", name));
  }
  if (!schema.open()) {
    if (known.type_name.find("normalizer") != std::string::npos) {
      return unusable(code::kInexactField, "a normalised keyword does not keep the exact text");
    }
    if (type == FieldType::kText && !HasExactSubfield(path)) {
      return unusable(code::kInexactField,
                      "a text field without exactly one keyword sub-field has no exact value");
    }
  }
  return FromFieldType(type);
}

}  // namespace vedette::eql
