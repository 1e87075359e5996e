// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/export.h"
#include "store/reader.h"

#include <string>
#include <string_view>

namespace luthien::archive {

/// Writes a session as Markdown to be read: what each call brought that was new, what the model answered, and each
/// decision of a policy where it was made. Rendered, it loads nothing. The same session gives the same bytes. Holds one
/// call at a time.
/// Errors: NotFound for an unknown session, those of the reader and of write.
[[nodiscard]] Result<ExportCounts> exportMarkdown(store::Reader& reader, std::string_view session, const Write& write);

/// One call of it alone. Errors: those of the reader.
[[nodiscard]] Result<std::string> callMarkdown(store::Reader& reader, const store::CallRow& call);

} // namespace luthien::archive
