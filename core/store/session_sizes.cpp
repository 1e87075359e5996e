// SPDX-License-Identifier: Apache-2.0
#include "store/session_sizes.h"

#include "store/database.h"

#include <utility>

namespace luthien::store {

void SessionSizes::add(std::int64_t session, std::int64_t bytes)
{
    if (session != 0 && bytes != 0)
        m_changes[session] += bytes;
}

Result<void> SessionSizes::write(Database& database)
{
    for (const auto& [session, bytes] : std::exchange(m_changes, {})) {
        auto update = database.statement("update_session_bytes");
        if (!update)
            return update.error();
        if (auto done = (*update)->bind(":session", session).bind(":bytes", bytes).post(); !done)
            return done;
    }
    return {};
}

} // namespace luthien::store
