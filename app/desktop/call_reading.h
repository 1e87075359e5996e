// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/call_view.h"
#include "store/reader.h"

namespace luthien::desktop {

/// A call with everything it shows: its new messages, and its reply as stored or, while it is open, replayed from its
/// events. The rows are settled. Errors: those of the reader. Thread: the reader's.
[[nodiscard]] Result<CallView> readCallView(store::Reader& reader, const store::CallRow& call);

/// The same of a call as it began: what was asked, and nothing yet of what came of it.
[[nodiscard]] Result<CallView> readRequestView(store::Reader& reader, store::CallRow call);

} // namespace luthien::desktop
