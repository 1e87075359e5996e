// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "filter/match.h"
#include "store/reader.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace luthien::archive {

/// Which decisions a list holds. Both empty = all.
struct DecisionOwner
{
    std::string_view session;
    CallId call;
};

/// The lists of a reader with what a filter looks for and nothing else: the database narrows them down, and what it
/// cannot decide is decided here. A page may hold less than was asked for, down to nothing, and still have a next one:
/// looking through rows that do not match ends after a while. Thread: that of the reader.
class FilteredLists
{
public:
    /// After so long a page is given as it is.
    static constexpr std::chrono::milliseconds kPatience{1000};

    /// now: what times of the filter count from.
    FilteredLists(store::Reader& reader, filter::Expression expression, TimePoint now,
                  std::chrono::milliseconds patience = kPatience);

    /// Sessions with a call that matches; as Reader::sessions. One that takes a page's time ten times over is listed,
    /// matching or not: leaving it out could hide what is looked for, and an error would end the list there.
    [[nodiscard]] Result<store::Page<store::SessionRow>> sessions(std::optional<store::Cursor> from,
                                                                  std::uint32_t limit);
    /// As Reader::callsOfSession, by start.
    [[nodiscard]] Result<store::Page<store::CallRow>>
    callsOfSession(std::string_view session, std::optional<store::Cursor> from, std::uint32_t limit);
    /// As Reader::decisions: those that match by themselves, in a call that does.
    [[nodiscard]] Result<store::Page<store::DecisionRow>>
    decisions(const DecisionOwner& owner, std::optional<store::Cursor> from, std::uint32_t limit);

    [[nodiscard]] Result<bool> matches(const store::CallRow& call);

private:
    [[nodiscard]] const filter::SqlCondition* use(const filter::SqlCondition& where) const;
    /// Nullopt = not known when the time is over.
    [[nodiscard]] Result<std::optional<bool>> hasMatch(const store::SessionRow& session, SteadyPoint end);
    [[nodiscard]] Result<bool> matchesByItself(const store::DecisionRow& row);
    template <typename Row, typename List, typename Test>
    [[nodiscard]] Result<store::Page<Row>> pageOf(bool isExact, std::optional<store::Cursor> from, std::uint32_t limit,
                                                  List list, Test test);

    store::Reader& m_reader;
    filter::Expression m_expression;
    TimePoint m_now;
    std::chrono::milliseconds m_patience;
};

} // namespace luthien::archive
