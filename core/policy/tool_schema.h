// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <boost/json/value.hpp>

#include <string_view>

namespace luthien::policy {

/// Holds a tool's arguments against the JSON Schema that the request declares for the tool. The schema comes from
/// outside and is not trusted: patterns run in RE2, references only lead into the schema itself, and depth and steps
/// are bounded. Understood is what 2020-12 (and draft 7) say about values; format, content* and unknown keywords are
/// annotations, as the specification has it, and so are unevaluatedProperties and unevaluatedItems. An empty schema
/// fits everything.
/// Errors: InvalidInput: what does not fit, context = where in the arguments; Unsupported, TooLarge: the schema cannot
/// be used.
[[nodiscard]] Result<void> checkAgainstSchema(const boost::json::value& arguments, std::string_view schema);

} // namespace luthien::policy
