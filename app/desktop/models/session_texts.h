// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/session_sections.h"
#include "store/rows.h"

#include <QString>

#include <chrono>

namespace luthien::desktop {

/// A person's own name for it, else how it began, else its id.
[[nodiscard]] QString sessionTitle(const store::SessionRow& session);
[[nodiscard]] QString sessionClient(const store::SessionRow& session);
/// The line under the title, what matters most first: "claude-code · 12 turns · $0.62 · 128.4k tokens".
[[nodiscard]] QString sessionDetail(const store::SessionRow& session);
/// All that is known of it, a line each; the same as the row and what finds no room there.
[[nodiscard]] QString sessionFacts(const store::SessionRow& session);
[[nodiscard]] QString sessionStatus(const store::SessionRow& session);
/// "Today", "Yesterday", "Monday, November 2".
[[nodiscard]] QString dayTitle(std::int64_t day, TimePoint now);
/// "1.2 MB"
[[nodiscard]] QString sizeText(std::int64_t bytes);
/// "$0.62"; more digits the smaller it is.
[[nodiscard]] QString costText(double usd);

/// Julian days where the person is. Remembers the last one: in a list neighbours mostly share it.
class LocalDays
{
public:
    [[nodiscard]] std::int64_t dayOf(std::int64_t micros);

private:
    std::int64_t m_begin = 0;
    std::int64_t m_end = 0;
    std::int64_t m_day = 0;
};

} // namespace luthien::desktop
