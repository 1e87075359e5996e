// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"
#include "conversation/identity.h"
#include "protocol/dialect.h"
#include "protocol/http_message.h"

#include <string_view>

namespace luthien::protocol {

/// Who makes this call. Order: explicit session header, session in the body, trace header, derived from a hash of the
/// caller's credential and how the conversation begins. Labels that are not safe are hashed.
/// Source: the table in docs/identity.md. Thread: any.
[[nodiscard]] conversation::Identity identify(conversation::Api api, const Fields& headers, const RequestView& request);

} // namespace luthien::protocol
