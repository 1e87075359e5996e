// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "filter/sql.h"
#include "policy/approval.h"
#include "store/activity.h"
#include "store/compression.h"
#include "store/database_location.h"
#include "store/evidence.h"
#include "store/found_texts.h"
#include "store/policy_book.h"
#include "store/rows.h"
#include "store/text_cache.h"
#include "store/usage_sums.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::store {

class Database;
class Statement;
struct BlockEvent;

/// Reads what the writer has committed, over a read-only connection of its own. Every list comes in keyset pages and
/// every query ends at its deadline. Errors: NotFound for an unknown id, Timeout at the deadline or after interrupt(),
/// Unavailable if the database cannot answer. Thread: the one that called open(), except interrupt().
class Reader
{
public:
    static constexpr std::uint32_t kMaxPage = 1000;
    static constexpr std::size_t kMaxPageBytes = 16 << 20;
    static constexpr std::size_t kMaxEventBytes = 1 << 20; ///< of a page of events: small enough to be kept in memory

    /// While *pause is true, nothing is asked and everything is Unavailable at once; null = never. cache = texts that
    /// all readers of the process keep together; null = none. Errors: as openToRead.
    [[nodiscard]] static Result<std::unique_ptr<Reader>> open(const DatabaseLocation& location,
                                                              std::shared_ptr<const std::atomic<bool>> pause = {},
                                                              std::shared_ptr<TextCache> cache = {});
    ~Reader();

    /// What of a filter the database can decide, for the lists that take a condition; null there = all rows.
    [[nodiscard]] filter::SqlCondition condition(const filter::Expression& expression, filter::SqlRows rows,
                                                 TimePoint now) const;

    /// Newest activity first; from = only rows after that place.
    [[nodiscard]] Result<Page<SessionRow>> sessions(std::optional<Cursor> from, std::uint32_t limit,
                                                    const filter::SqlCondition* where = nullptr);
    [[nodiscard]] Result<SessionRow> session(std::string_view id);
    [[nodiscard]] Result<std::int64_t> sessionCount();

    /// Calls of a session by start; from = only rows after that place in the given order.
    [[nodiscard]] Result<Page<CallRow>> callsOfSession(std::string_view session, Order order,
                                                       std::optional<Cursor> from, std::uint32_t limit,
                                                       const filter::SqlCondition* where = nullptr);
    [[nodiscard]] Result<std::int64_t> callCount(std::string_view session);
    [[nodiscard]] Result<CallRow> call(CallId id);
    [[nodiscard]] Result<std::vector<CallRow>> openCalls(std::uint32_t limit);

    /// Events with seq >= fromSeq, ascending. A page ends early once its bytes, those of requests apart, come to
    /// kMaxEventBytes.
    [[nodiscard]] Result<EventPage> events(CallId id, std::uint32_t fromSeq, std::uint32_t limit);
    /// Calls take(event) for all of a call, by seq, until it says that this was enough.
    [[nodiscard]] Result<void> eachEvent(CallId id, const std::function<Result<bool>(const EventRow&)>& take);
    /// The request as it came, byte for byte. Errors: NotFound if none was recorded.
    [[nodiscard]] Result<std::string> requestBody(CallId id);
    /// Method, path and headers of the request as a JSON object.
    [[nodiscard]] Result<std::string> requestHead(CallId id);
    /// Messages of the request as it came, by position; start at CallRow::freshFrom to see only new ones.
    [[nodiscard]] Result<std::vector<MessageRow>> messages(CallId id, std::uint32_t fromPosition, std::uint32_t limit);
    /// toJson(Response) of the reply; empty = no reply was understood, or it is not over.
    [[nodiscard]] Result<std::string> reply(CallId id);
    /// toJson(Response) of what the client got instead; empty = it got the reply as it came.
    [[nodiscard]] Result<std::string> sentReply(CallId id);

    /// Decisions, newest first; from = only rows after that place. A page ends early once its texts come to
    /// kMaxPageBytes.
    [[nodiscard]] Result<Page<DecisionRow>> decisions(std::optional<Cursor> from, std::uint32_t limit,
                                                      const filter::SqlCondition* where = nullptr);
    [[nodiscard]] Result<Page<DecisionRow>> decisionsOfSession(std::string_view session, std::optional<Cursor> from,
                                                               std::uint32_t limit,
                                                               const filter::SqlCondition* where = nullptr);
    /// By seq, then in the order they were made.
    [[nodiscard]] Result<Page<DecisionRow>> decisionsOfCall(CallId id, std::optional<Cursor> from, std::uint32_t limit,
                                                            const filter::SqlCondition* where = nullptr);

    /// Those about replies that their provider keeps, oldest first: what a policy::BlockedCalls is to know. from =
    /// only rows after that place; {micros of a time, 0} = only those since then.
    [[nodiscard]] Result<Page<DecisionRow>> decisionsOfKeptReplies(std::optional<Cursor> from, std::uint32_t limit);

    /// See readApprovalRules() and sumUsage().
    [[nodiscard]] Result<std::vector<policy::ApprovalRule>> approvalRules();
    [[nodiscard]] Result<std::vector<UsageSum>> usage(TimePoint since, TimePoint until,
                                                      std::chrono::microseconds span = std::chrono::hours(24));
    /// See readActivity().
    [[nodiscard]] Result<Activity> activity(const ActivityRequest& request);

    /// What became of a policy, newest first; from = only rows after that place.
    [[nodiscard]] Result<Page<PolicyChangeRow>> policyHistory(std::string_view policyId, std::optional<Cursor> from,
                                                              std::uint32_t limit);
    /// What was saved last with Store::savePolicyBook.
    [[nodiscard]] Result<PolicyBook> policyBook();
    /// The definition that a decision's policyVersion names. Errors: NotFound if it never was in force here.
    [[nodiscard]] Result<PolicyVersion> policyVersion(std::string_view version);

    /// See store::findTexts() and countUnindexed(). \{
    [[nodiscard]] Result<Page<FoundText>> findTexts(const TextSearch& search, std::optional<Cursor> from,
                                                    std::uint32_t limit);
    [[nodiscard]] Result<std::int64_t> countUnindexed(std::int64_t limit);
    /// \}

    /// See readToolNames().
    [[nodiscard]] Result<std::set<std::string>> toolNames();

    /// The newest link of the chain of evidence.
    [[nodiscard]] Result<EvidenceHead> evidenceHead();
    /// See readEvidenceKeyId().
    [[nodiscard]] Result<std::string> evidenceKeyId();

    /// By which the journals of this instance know the database, see JournalSet::claim(); empty = it has no name yet.
    [[nodiscard]] Result<std::string> databaseName();

    /// Number of the last commit this reader can see.
    [[nodiscard]] Result<std::uint64_t> lastCommit();

    void setDeadline(std::chrono::milliseconds perQuery) noexcept;
    /// Ends a running query with Timeout. Thread: any.
    void interrupt() noexcept;

private:
    struct Request;
    struct FoundCall;
    Reader(DatabaseLocation location, std::unique_ptr<Database> database,
           std::shared_ptr<const std::atomic<bool>> pause, std::shared_ptr<TextCache> cache);
    /// Starts the deadline of what is asked next; after a connection was lost, over a new one.
    [[nodiscard]] Result<void> prepare();
    /// Prepares a query and starts its deadline.
    [[nodiscard]] Result<Statement*> query(const char* name, const filter::SqlCondition* where = nullptr);
    [[nodiscard]] Result<Page<CallRow>> calls(Statement& statement, std::uint32_t limit);
    [[nodiscard]] Result<FoundCall> find(CallId id);
    [[nodiscard]] Result<std::int64_t> callRow(CallId id);
    /// What read gives, or gave before, of a call that has its texts. Errors: textsRemoved().
    template <typename Texts, typename Read>
    [[nodiscard]] Result<Texts> texts(CallId id, TextCache::Key key, Read read);
    [[nodiscard]] Result<EventPage> readEvents(CallId id, const TextCache::Key& key);
    [[nodiscard]] Result<std::vector<MessageRow>> readMessages(CallId id, const TextCache::Key& key);
    [[nodiscard]] Result<std::string> readReply(const char* queryName, CallId id);
    enum class DecisionOrder : std::uint8_t { ByTime, BySeq };
    [[nodiscard]] Result<Page<DecisionRow>> decisions(Statement& statement, DecisionOrder order, std::uint32_t limit);
    [[nodiscard]] Result<DecisionRow> decision(const Statement& row, DecisionOrder order);
    /// call = its row; seq none = the first one.
    [[nodiscard]] Result<Request> request(CallId id, std::int64_t call, std::optional<std::uint32_t> seq = {});
    [[nodiscard]] Result<std::string> body(const Request& request);
    [[nodiscard]] Result<std::string> content(std::int64_t id);
    [[nodiscard]] Result<std::string> unpack(const Statement& row, int column);
    [[nodiscard]] Result<std::string> end(CallId id);
    /// Gives take, until that says that it was enough, the events of so many blocks from the one on that holds seq
    /// from. Returns where to go on; none = there are no more.
    [[nodiscard]] Result<std::optional<std::uint32_t>>
    forSomeBlocks(std::int64_t call, std::uint32_t from, std::int64_t limit,
                  const std::function<bool(const BlockEvent&)>& take);
    [[nodiscard]] Result<void> fill(std::vector<EventRow>& events, std::int64_t call);

    const DatabaseLocation m_location;
    const std::shared_ptr<const std::atomic<bool>> m_pause;
    const std::shared_ptr<TextCache> m_cache;
    std::mutex m_mutex; ///< of the pointer, for interrupt(); only the reader's thread changes it
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Statement> m_filtered; ///< the last list with a condition
    Compression m_compression;
    std::chrono::milliseconds m_allowed{5000};
};

} // namespace luthien::store
