// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/export.h"
#include "store/reader.h"

#include <string_view>

namespace luthien::archive {

/// Writes a session as one HTML file to be read: the conversation, and each decision of a policy where it was made
/// with what the agent saw instead. The file loads nothing and runs nothing; what was recorded is text in it, whatever
/// it says. The same session gives the same bytes. Holds one call at a time.
/// Errors: NotFound for an unknown session, those of the reader and of write.
[[nodiscard]] Result<ExportCounts> exportHtml(store::Reader& reader, std::string_view session, const Write& write);

} // namespace luthien::archive
