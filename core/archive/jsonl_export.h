// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/export.h"
#include "archive/filtered_lists.h"
#include "store/reader.h"

#include <string_view>

namespace luthien::archive {

/// Writes a session as lines of JSON: the session, then each call by start with its events and decisions, last the
/// number of lines and the SHA-256 of all bytes before the last line. Lossless; holds one page of events at a time.
/// Errors: NotFound for an unknown session, those of the reader and of write.
[[nodiscard]] Result<ExportCounts> exportJsonl(store::Reader& reader, std::string_view session, const Write& write);

/// Writes the calls a filter matches: each session that has some, newest activity first, followed by those calls as
/// above. Errors: as above.
[[nodiscard]] Result<ExportCounts> exportJsonl(store::Reader& reader, FilteredLists& lists, const Write& write);

} // namespace luthien::archive
