// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// Both OpenAI APIs report errors alike. Source: platform.openai.com/docs/guides/error-codes.
namespace luthien::protocol::openai {

/// "invalid_request_error", "server_error", ... for an HTTP status.
[[nodiscard]] std::string_view errorTypeOf(unsigned httpStatus) noexcept;
/// True for our words that mean "not now": sending the same request again may work.
[[nodiscard]] bool isPassing(std::string_view code) noexcept;
/// {"error":{"message","type","param":null,"code"}}
[[nodiscard]] std::string errorObject(std::string_view type, std::string_view code, std::string_view message);

} // namespace luthien::protocol::openai
