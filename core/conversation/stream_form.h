// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace luthien::conversation {

/// How the events of a reply follow each other on the wire.
enum class StreamForm : std::uint8_t {
    EventStream, ///< server-sent events
    Lines,       ///< a JSON object on each line (NDJSON)
    List,        ///< the elements of one JSON array that grows
};

} // namespace luthien::conversation
