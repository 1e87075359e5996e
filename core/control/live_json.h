// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "live/live_event.h"

#include <cstdint>
#include <string>

/// Live events as the event stream carries them; described in docs/api.md.
namespace luthien::control {

/// One event of text/event-stream. Only commits carry an id: what a reader resumes from stands in the store.
[[nodiscard]] std::string eventFrame(const live::Event& event);
/// Tells a reader to read the store again; commit = where it stands now.
[[nodiscard]] std::string gapFrame(std::uint64_t commit);
/// The first frame of a stream: a reader that leaves at once resumes from here.
[[nodiscard]] std::string helloFrame(std::uint64_t commit);

} // namespace luthien::control
