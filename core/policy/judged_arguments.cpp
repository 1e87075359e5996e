// SPDX-License-Identifier: Apache-2.0
#include "policy/judged_arguments.h"

#include "base/strict_json.h"
#include "policy/chain.h"
#include "policy/tool_schema.h"

#include <QUtf8StringView>

#include <utility>

namespace luthien::policy {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxDepth = 128;

bool isUtf8(std::string_view text)
{
    return QUtf8StringView(text.data(), static_cast<qsizetype>(text.size())).isValidUtf8();
}

Error refused(const Error& error)
{
    return {ErrorCode::InvalidInput, "The policy's own arguments cannot be used: " + error.message, error.context};
}

} // namespace

Result<json::value> readArguments(const conversation::ToolCall& call)
{
    if (call.arguments.size() > kMaxArgumentBytes)
        return Error{
            ErrorCode::TooLarge, "The arguments are longer than " + std::to_string(kMaxArgumentBytes) + " bytes.", {}};
    if (!isUtf8(call.name) || (call.isFreeText && !isUtf8(call.arguments)))
        return Error{ErrorCode::InvalidInput, "The call is not valid UTF-8.", {}};
    if (call.isFreeText)
        return json::value();
    // A call without arguments; some models write nothing, some {}.
    if (call.arguments.empty())
        return json::value(json::object());
    Result<json::value> arguments = parseStrictJson(call.arguments, kMaxDepth);
    if (!arguments)
        return Error{arguments.error().code, "The arguments cannot be judged: " + arguments.error().message,
                     arguments.error().context};
    return arguments;
}

Result<json::value> readReplacement(const conversation::ToolCall& call, std::string_view schema)
{
    Result<json::value> arguments = readArguments(call);
    if (!arguments)
        return refused(arguments.error());
    if (call.isFreeText)
        return arguments;
    if (!arguments->is_object())
        return refused({ErrorCode::InvalidInput, "They must be one JSON object.", {}});
    if (const Result<void> fits = checkAgainstSchema(*arguments, schema); !fits)
        return refused(fits.error());
    return arguments;
}

} // namespace luthien::policy
