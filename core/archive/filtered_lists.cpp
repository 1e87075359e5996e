// SPDX-License-Identifier: Apache-2.0
#include "archive/filtered_lists.h"

#include "archive/call_facts.h"

#include <algorithm>
#include <utility>

namespace luthien::archive {

namespace {
using store::Cursor;
using store::Page;

constexpr std::uint32_t kCallsPerPage = 100;
constexpr int kSessionPages = 10;      ///< a session may take the time of so many pages
constexpr std::uint32_t kMinRows = 50; ///< looked at together, however few are asked for

std::chrono::steady_clock::time_point steadyNow()
{
    return std::chrono::steady_clock::now();
}

Result<std::optional<bool>> known(const Result<bool>& matches)
{
    return matches ? Result<std::optional<bool>>(*matches) : matches.error();
}
} // namespace

FilteredLists::FilteredLists(store::Reader& reader, filter::Expression expression, TimePoint now,
                             std::chrono::milliseconds patience)
    : m_reader(reader)
    , m_expression(std::move(expression))
    , m_now(now)
    , m_patience(patience)
{
}

/// Null = all rows: the query that is prepared for them serves.
const filter::SqlCondition* FilteredLists::use(const filter::SqlCondition& where) const
{
    return m_expression.isAll() ? nullptr : &where;
}

template <typename Row, typename List, typename Test>
Result<Page<Row>> FilteredLists::pageOf(bool isExact, std::optional<Cursor> from, std::uint32_t limit, List list,
                                        Test test)
{
    if (isExact)
        return list(from, limit);
    const auto end = steadyNow() + m_patience;
    Page<Row> found;
    found.next = from;
    do {
        auto page = list(found.next, std::max(limit, kMinRows));
        if (!page)
            return page.error();
        for (Row& row : page->items) {
            const bool isFirst = found.next == from; // the page must get beyond it
            const Result<std::optional<bool>> matches =
                test(row, isFirst ? end + (kSessionPages - 1) * m_patience : end);
            if (!matches)
                return matches.error();
            if (!*matches && !isFirst)
                return found; // the next page has more time for it
            found.next = row.cursor;
            const bool isLast = &row == &page->items.back() && !page->next;
            if (matches->value_or(true))
                found.items.push_back(std::move(row));
            if (!isLast && (found.items.size() == limit || steadyNow() >= end))
                return found;
        }
        found.next = page->next;
    } while (found.next);
    return found;
}

Result<Page<store::SessionRow>> FilteredLists::sessions(std::optional<Cursor> from, std::uint32_t limit)
{
    const auto where = m_reader.condition(m_expression, filter::SqlRows::Sessions, m_now);
    return pageOf<store::SessionRow>(
        where.isExact, from, limit,
        [&](std::optional<Cursor> start, std::uint32_t size) { return m_reader.sessions(start, size, use(where)); },
        [this](const store::SessionRow& row, SteadyPoint until) { return hasMatch(row, until); });
}

Result<Page<store::CallRow>> FilteredLists::callsOfSession(std::string_view session, std::optional<Cursor> from,
                                                           std::uint32_t limit)
{
    const auto where = m_reader.condition(m_expression, filter::SqlRows::Calls, m_now);
    return pageOf<store::CallRow>(
        where.isExact, from, limit,
        [&](std::optional<Cursor> start, std::uint32_t size) {
            return m_reader.callsOfSession(session, store::Order::Ascending, start, size, use(where));
        },
        [this](const store::CallRow& row, SteadyPoint) { return known(matches(row)); });
}

Result<Page<store::DecisionRow>> FilteredLists::decisions(const DecisionOwner& owner, std::optional<Cursor> from,
                                                          std::uint32_t limit)
{
    const auto where = m_reader.condition(m_expression, filter::SqlRows::Decisions, m_now);
    return pageOf<store::DecisionRow>(
        where.isExact, from, limit,
        [&](std::optional<Cursor> start, std::uint32_t size) {
            if (!owner.call.isNil())
                return m_reader.decisionsOfCall(owner.call, start, size, use(where));
            return owner.session.empty() ? m_reader.decisions(start, size, use(where))
                                         : m_reader.decisionsOfSession(owner.session, start, size, use(where));
        },
        [this](const store::DecisionRow& row, SteadyPoint) { return known(matchesByItself(row)); });
}

Result<bool> FilteredLists::matches(const store::CallRow& call)
{
    const auto facts = factsOf(m_reader, call, m_expression.needs());
    return facts ? Result<bool>(filter::matches(m_expression, *facts, m_now)) : facts.error();
}

Result<std::optional<bool>> FilteredLists::hasMatch(const store::SessionRow& session, SteadyPoint end)
{
    const auto where = m_reader.condition(m_expression, filter::SqlRows::Calls, m_now);
    std::optional<Cursor> from;
    do {
        const auto page = m_reader.callsOfSession(session.id, store::Order::Descending, from, kCallsPerPage, &where);
        if (!page)
            return page.error();
        for (const store::CallRow& call : page->items) {
            const auto found = matches(call);
            if (!found || *found)
                return known(found);
            if (steadyNow() >= end)
                return std::optional<bool>();
        }
        from = page->next;
    } while (from);
    return std::optional<bool>(false);
}

Result<bool> FilteredLists::matchesByItself(const store::DecisionRow& row)
{
    const auto call = m_reader.call(row.decision.call);
    if (!call)
        return call.error();
    const auto facts = factsOf(m_reader, *call, m_expression.needs());
    return facts ? Result<bool>(filter::matches(m_expression, *facts, row.decision, m_now)) : facts.error();
}

} // namespace luthien::archive
