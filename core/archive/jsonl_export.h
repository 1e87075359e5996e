// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/reader.h"

#include <cstdint>
#include <functional>
#include <string_view>

namespace luthien::archive {

/// Takes the next bytes of an export; an error ends it.
using Write = std::function<Result<void>(std::string_view bytes)>;

struct ExportCounts
{
    std::uint64_t calls = 0;
    std::uint64_t events = 0;
};

/// Writes a session as lines of JSON: the session, then each call by start with its events, last the number of lines
/// and the SHA-256 of all bytes before the last line. Lossless; holds one page of events at a time.
/// Errors: NotFound for an unknown session, those of the reader and of write.
[[nodiscard]] Result<ExportCounts> exportJsonl(store::Reader& reader, std::string_view session, const Write& write);

} // namespace luthien::archive
