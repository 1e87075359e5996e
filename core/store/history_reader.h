// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "conversation/call_event.h"
#include "conversation/decision.h"
#include "filter/sql.h"
#include "store/compression.h"
#include "store/cursor.h"
#include "store/database_location.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace luthien::store {

class Database;
class Statement;

/// Which calls of the past are looked at. Empty = all.
struct HistoryFilter
{
    std::string session;
    std::string client;
    std::string model;
    std::optional<TimePoint> since; ///< began then or later
    filter::Expression expression;
    TimePoint now; ///< what times of the expression count from
};

/// A verdict that was carried out.
struct PastVerdict
{
    std::string policyId;
    conversation::Verdict verdict = conversation::Verdict::Block; ///< Replace or Block
    std::string reason;
};

/// One call that is over, as policies saw it.
struct PastCall
{
    CallId id;
    TimePoint at; ///< of its start
    conversation::Identity identity;
    std::string upstream;
    conversation::Api api = conversation::Api::Other;
    std::string path;
    std::string model; ///< as the reply names it, else as requested
    bool stream = false;
    std::string reply; ///< toJson(Response) of what was received; empty = none was understood
    std::vector<PastVerdict> verdicts;
};

/// A stretch of the past: neighbours by their start.
struct HistorySpan
{
    Cursor first;
    Cursor last;
    std::size_t calls = 0; ///< at most; some may be left out by the filter
};

/// Reads the past in large pieces, over a read-only connection of its own: several may do so at once. Calls that were
/// made for policies, and those that are still open, are left out. Thread: the one that called open(), except
/// interrupt().
class HistoryReader
{
public:
    /// Errors: as Reader::open.
    [[nodiscard]] static Result<std::unique_ptr<HistoryReader>> open(const DatabaseLocation& location,
                                                                     HistoryFilter filter);
    ~HistoryReader();

    /// Queries end with Timeout once so much time has passed from now; without this they take as long as they need.
    void startDeadline(std::chrono::milliseconds allowed) noexcept;
    /// Ends the query that is running, if there is one, with Timeout. Thread: any.
    void interrupt() noexcept;

    /// All calls the filter may let through, by start, cut into spans. Errors: NotFound if there is no such session.
    [[nodiscard]] Result<std::vector<HistorySpan>> spans();
    /// Some that the expression does not match may be among them: what the database cannot decide it lets through.
    [[nodiscard]] Result<std::vector<PastCall>> calls(const HistorySpan& span);

private:
    HistoryReader(std::unique_ptr<Database> database, HistoryFilter filter);
    [[nodiscard]] Result<Statement*> list();
    [[nodiscard]] Result<void> addVerdicts(const HistorySpan& span, const std::vector<std::int64_t>& rows,
                                           std::vector<PastCall>& calls);

    std::unique_ptr<Database> m_database;
    HistoryFilter m_filter;
    filter::SqlCondition m_where;
    std::unique_ptr<Statement> m_filtered; ///< the list with the expression in it
    Compression m_compression;
};

} // namespace luthien::store
