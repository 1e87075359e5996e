// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>

namespace luthien::store {

/// What the database refuses to let go, such as a row on a damaged page: removal does without it, or it would hold back
/// all that comes after it. As a transaction does several things, they are done one by one after a refusal, until it is
/// known which it was. Thread: the writer's.
class RefusedRemovals
{
public:
    enum class Kind : std::uint8_t { Nothing, Mark, Call, Content, Node, Session, Days };

    [[nodiscard]] bool isOneByOne() const noexcept { return m_isOneByOne; }
    [[nodiscard]] bool has(Kind kind, std::int64_t row) const { return m_refused.contains({kind, row}); }
    [[nodiscard]] std::int64_t count() const noexcept { return std::ssize(m_refused); }

    /// A transaction begins, nothing is known of it.
    void begin() noexcept { m_current = {}; }
    /// What it does is about that row.
    void isAbout(Kind kind, std::int64_t row) noexcept { m_current = {kind, row}; }
    void committed() noexcept { m_isOneByOne = false; }
    /// It was refused and undone. True = what it was about is done without from now on.
    [[nodiscard]] bool refused()
    {
        const bool isKnown = m_isOneByOne && m_current.first != Kind::Nothing;
        m_isOneByOne = !isKnown;
        if (isKnown)
            m_refused.insert(m_current);
        return isKnown;
    }
    /// What the last transaction was about, for people.
    [[nodiscard]] std::string current() const
    {
        constexpr const char* kNames[] = {"", "mark of call ", "call ", "content ", "node ", "session ", "days "};
        return kNames[static_cast<int>(m_current.first)] + std::to_string(m_current.second);
    }

private:
    using Row = std::pair<Kind, std::int64_t>;

    std::set<Row> m_refused;
    Row m_current;
    bool m_isOneByOne = false;
};

} // namespace luthien::store
