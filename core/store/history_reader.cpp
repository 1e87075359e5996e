// SPDX-License-Identifier: Apache-2.0
#include "store/history_reader.h"

#include "store/database.h"
#include "store/filter_query.h"
#include "store/instance.h"
#include "store/page_bounds.h"

#include <unordered_map>
#include <utility>

namespace luthien::store {

using namespace conversation;

namespace {
constexpr std::size_t kCallsPerSpan = 256;
constexpr std::int64_t kStartsAtOnce = 10'000; // PostgreSQL's client holds all rows of an answer

void bindSpan(Statement& statement, const HistorySpan& span)
{
    statement.bind(":first_us", span.first.micros)
        .bind(":first_row", span.first.row)
        .bind(":last_us", span.last.micros)
        .bind(":last_row", span.last.row);
}

/// But for its reply.
PastCall callFrom(const Statement& row)
{
    PastCall call;
    call.id = row.id(1);
    int column = 2;
    Identity& who = call.identity;
    for (std::string* const text :
         {&who.session, &who.agent, &who.parentAgent, &who.client, &who.clientVersion, &who.user, &call.upstream})
        *text = row.text(column++);
    call.api = static_cast<Api>(row.number(9));
    call.path = row.text(10);
    call.model = row.text(11);
    call.stream = row.number(12) != 0;
    call.at = fromMicros(row.number(16));
    return call;
}
} // namespace

HistoryReader::HistoryReader(std::unique_ptr<Database> database, HistoryFilter filter)
    : m_database(std::move(database))
    , m_filter(std::move(filter))
    , m_where(conditionFor(*m_database, m_filter.expression, filter::SqlRows::Calls, m_filter.now))
{
}

HistoryReader::~HistoryReader() = default;

Result<std::unique_ptr<HistoryReader>> HistoryReader::open(const DatabaseLocation& location, HistoryFilter filter)
{
    auto database = openToRead(location);
    if (!database)
        return database.error();
    return std::unique_ptr<HistoryReader>(new HistoryReader(std::move(*database), std::move(filter)));
}

void HistoryReader::startDeadline(std::chrono::milliseconds allowed) noexcept
{
    m_database->startDeadline(allowed);
}

void HistoryReader::interrupt() noexcept
{
    m_database->interrupt();
}

Result<std::vector<HistorySpan>> HistoryReader::spans()
{
    auto list = m_database->statement(m_filter.session.empty() ? "list_call_starts" : "list_call_starts_of_session");
    if (!list)
        return list.error();
    Cursor last{m_filter.since ? toMicros(*m_filter.since) - 1 : kBeforeAll.micros, kAfterAll.row};
    std::vector<HistorySpan> spans;
    std::int64_t rows = 0;
    do {
        if (!m_filter.session.empty())
            (*list)->bindText(":session", m_filter.session);
        (*list)->bind(":micros", last.micros).bind(":row", last.row).bind(":limit", kStartsAtOnce);
        rows = 0;
        const auto done = (*list)->each([&](const Statement& row) {
            last = {row.number(0), row.number(1)};
            if (spans.empty() || spans.back().calls == kCallsPerSpan)
                spans.push_back({last, last, 0});
            spans.back().last = last;
            ++spans.back().calls;
            ++rows;
        });
        if (!done)
            return done.error();
    } while (rows == kStartsAtOnce);
    return spans;
}

Result<Statement*> HistoryReader::list()
{
    const char* const name = m_filter.session.empty() ? "list_history" : "list_history_of_session";
    if (m_filter.expression.isAll())
        return m_database->statement(name);
    if (!m_filtered) {
        auto filtered = filteredList(*m_database, name, m_where);
        if (!filtered)
            return filtered.error();
        m_filtered = *std::move(filtered);
    }
    return m_filtered.get();
}

Result<std::vector<PastCall>> HistoryReader::calls(const HistorySpan& span)
{
    auto list = this->list();
    if (!list)
        return list.error();
    if (!m_filter.session.empty())
        (*list)->bindText(":session", m_filter.session);
    bindSpan(**list, span);
    std::vector<PastCall> calls;
    std::vector<std::int64_t> rows;
    const auto listed = (*list)->each([&](const Statement& row) -> Result<void> {
        PastCall call = callFrom(row);
        if ((!m_filter.client.empty() && call.identity.client != m_filter.client) ||
            (!m_filter.model.empty() && call.model != m_filter.model))
            return {};
        auto reply = row.isNull(15) ? Result<std::string>(std::string())
                                    : m_compression.unpack(static_cast<Codec>(row.number(14)), row.blob(15),
                                                           static_cast<std::uint64_t>(row.number(13)));
        if (!reply)
            return reply.error();
        call.reply = *std::move(reply);
        rows.push_back(row.number(0));
        calls.push_back(std::move(call));
        return {};
    });
    if (!listed)
        return listed.error();
    if (auto done = addVerdicts(span, rows, calls); !done)
        return done.error();
    return calls;
}

Result<void> HistoryReader::addVerdicts(const HistorySpan& span, const std::vector<std::int64_t>& rows,
                                        std::vector<PastCall>& calls)
{
    auto list = m_database->statement("list_history_verdicts");
    if (!list)
        return list.error();
    bindSpan(**list, span);
    std::unordered_map<std::int64_t, std::size_t> places;
    return (*list)->each([&](const Statement& row) {
        for (std::size_t i = places.size(); i < rows.size(); ++i)
            places.emplace(rows[i], i);
        if (const auto place = places.find(row.number(0)); place != places.end())
            calls[place->second].verdicts.push_back({row.text(1), static_cast<Verdict>(row.number(2)), row.text(3)});
    });
}

} // namespace luthien::store
