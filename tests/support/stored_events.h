// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/reader.h"

#include <vector>

namespace luthien::test {

/// All events of a call, by seq.
inline Result<std::vector<store::EventRow>> eventsOf(store::Reader& reader, CallId call)
{
    std::vector<store::EventRow> events;
    const auto done = reader.eachEvent(call, [&events](const store::EventRow& event) -> Result<bool> {
        events.push_back(event);
        return true;
    });
    return done ? Result<std::vector<store::EventRow>>(std::move(events)) : done.error();
}

} // namespace luthien::test
