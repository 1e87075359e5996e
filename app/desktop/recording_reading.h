// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "desktop/models/recording_source.h"
#include "store/reader.h"

namespace luthien::desktop {

/// A call that is over, as what happened and when: its stream step by step, or a reply that came whole at once, with
/// what policies said in between. Steps beyond 200,000 are left out. Errors: those of the reader; NotFound if its texts
/// are past their time; Conflict while it runs. Thread: the reader's.
[[nodiscard]] Result<Recording> readRecording(store::Reader& reader, CallId id);

} // namespace luthien::desktop
