// SPDX-License-Identifier: Apache-2.0
#include "sources/record_unwrapper.h"

#include <span>

namespace vedette::sources {
namespace {

using event::Member;
using event::Value;

std::string_view TextOrEmpty(const Value& value) {
  return value.is_string() ? value.text() : std::string_view();
}

class Unwrapper {
 public:
  Unwrapper(base::Arena& arena, const std::function<void(const UnwrappedRecord&)>& deliver,
            const UnwrapLimits& limits)
      : arena_(arena), deliver_(deliver), limits_(limits) {}

  UnwrapCount count;

  // Recursion is bounded by max_depth.
  void Open(const Value& value, std::size_t depth) {
    if (value.is_list()) {
      Each(value, depth);
    } else if (!value.is_object()) {
      ++count.not_objects;
    } else if (!OpenResponse(value, depth)) {
      OpenHit(value);
    }
  }

 private:
  void Each(const Value& list, std::size_t depth) {
    if (depth >= limits_.max_depth) {
      count.limit_reached = true;
      return;
    }
    for (const Value& element : list.list()) {
      if (count.limit_reached) return;
      Open(element, depth + 1);
    }
  }

  // An event has a time; nothing that has one is taken for a container.
  bool OpenResponse(const Value& object, std::size_t depth) {
    const Value hits = object.Get("hits").Get("hits");
    const Value responses = object.Get("responses");
    if (!hits.is_list() && !responses.is_list()) return false;
    if (!object.Get("@timestamp").is_null()) return false;
    Each(hits.is_list() ? hits : responses, depth);
    return true;
  }

  void OpenHit(const Value& object) {
    const std::string_view index = TextOrEmpty(object.Get("_index"));
    const std::string_view id = TextOrEmpty(object.Get("_id"));
    const Value source = object.Get("_source");
    const Value fields = object.Get("fields");
    const bool is_hit = !index.empty() || !id.empty();
    if (source.is_object() && (!source.object().empty() || !fields.is_object())) {
      Deliver({source, index, id});
    } else if (is_hit && fields.is_object() && object.Get("@timestamp").is_null()) {
      // Beats put their user's own labels under `fields`: those records have a time beside it.
      Deliver({WithoutSingletons(fields), index, id});
    } else {
      Deliver({object, index, id});
    }
  }

  Value WithoutSingletons(const Value& fields) {
    const std::span<const Member> members = fields.object();
    const std::span<Member> out = arena_.NewArray<Member>(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      out[i] = members[i];
      if (out[i].value.is_list() && out[i].value.list().size() == 1) {
        out[i].value = out[i].value.list().front();
      }
    }
    return Value::Object(out);
  }

  void Deliver(const UnwrappedRecord& record) {
    if (count.records >= limits_.max_records) {
      count.limit_reached = true;
      return;
    }
    ++count.records;
    deliver_(record);
  }

  base::Arena& arena_;
  const std::function<void(const UnwrappedRecord&)>& deliver_;
  const UnwrapLimits limits_;
};

}  // namespace

UnwrapCount UnwrapRecords(const Value& tree, base::Arena& arena,
                          const std::function<void(const UnwrappedRecord&)>& deliver,
                          const UnwrapLimits& limits) {
  Unwrapper unwrapper(arena, deliver, limits);
  unwrapper.Open(tree, 0);
  return unwrapper.count;
}

}  // namespace vedette::sources
