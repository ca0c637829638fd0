// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string_view>

#include "base/json_writer.h"

/// Small pieces that every document of the generated corpora is written with.
namespace vedette::bench {

/// An object member that closes itself.
class Object {
 public:
  Object(base::JsonWriter& json, std::string_view key) : json_(json) {
    json_.Key(key);
    json_.BeginObject();
  }
  ~Object() { json_.EndObject(); }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

 private:
  base::JsonWriter& json_;
};

template <typename Texts>
void TextList(base::JsonWriter& json, std::string_view key, const Texts& texts) {
  json.Key(key);
  json.BeginArray();
  for (const auto& text : texts) json.String(text);
  json.EndArray();
}

inline void TextList(base::JsonWriter& json, std::string_view key,
                     std::initializer_list<std::string_view> texts) {
  TextList<std::initializer_list<std::string_view>>(json, key, texts);
}

}  // namespace vedette::bench
