// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "desktop/models/call_detail_source.h"
#include "store/reader.h"

#include <string>

/// What the inspector shows of a call, from the store. Errors: those of the reader. Thread: the reader's.
namespace luthien::desktop {

[[nodiscard]] Result<CallDetail> readCallDetail(store::Reader& reader, CallId call);
/// Empty = there is none. Errors: TooLarge beyond 256 MiB.
[[nodiscard]] Result<std::string> readCallText(store::Reader& reader, CallId call, CallText which);
using EventBriefs = store::Page<EventBrief, std::uint32_t>;
[[nodiscard]] Result<EventBriefs> readEventBriefs(store::Reader& reader, CallId call, std::uint32_t from,
                                                  std::uint32_t limit);
[[nodiscard]] Result<std::string> readEvent(store::Reader& reader, CallId call, std::uint32_t seq);
[[nodiscard]] Result<std::string> readCallForm(store::Reader& reader, CallId call, CallForm form,
                                               const std::string& address);

} // namespace luthien::desktop
