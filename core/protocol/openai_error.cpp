// SPDX-License-Identifier: Apache-2.0
#include "protocol/openai_error.h"

#include "protocol/json_write.h"

namespace luthien::protocol::openai {

std::string_view errorTypeOf(unsigned httpStatus) noexcept
{
    if (httpStatus == 429)
        return "rate_limit_error";
    return httpStatus >= 500 ? "server_error" : "invalid_request_error";
}

bool isPassing(std::string_view code) noexcept
{
    return code.starts_with("upstream_") || code == "overloaded" || code == "shutting_down";
}

std::string errorObject(std::string_view type, std::string_view code, std::string_view message)
{
    return boost::json::serialize(boost::json::object{{"error",
                                                       {{"message", toJsonText(message)},
                                                        {"type", toJsonText(type)},
                                                        {"param", nullptr},
                                                        {"code", toJsonText(code)}}}});
}

} // namespace luthien::protocol::openai
