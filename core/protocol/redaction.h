// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/http_message.h"

#include <string>
#include <string_view>

namespace luthien::protocol {

/// True for fields that carry a credential or a cookie.
[[nodiscard]] bool isCredentialField(std::string_view name) noexcept;
/// The target with the value of every credential-bearing query parameter (key, api_key, access_token, ...) taken out.
[[nodiscard]] std::string redactTarget(std::string_view target);
/// {"method","target","headers":[[name,value],...]} for the record: credentials replaced by "[redacted]".
[[nodiscard]] std::string requestHeadJson(const RequestHead& head);
/// {"status","headers":[[name,value],...]}.
[[nodiscard]] std::string responseHeadJson(const ResponseHead& head);

} // namespace luthien::protocol
