// SPDX-License-Identifier: Apache-2.0
#include "archive/jsonl_export.h"

#include "archive/json_shapes.h"
#include "base/sha256.h"

#include <functional>
#include <optional>

namespace luthien::archive {

namespace {
constexpr std::uint32_t kSessionsPerPage = 100;
constexpr std::uint32_t kCallsPerPage = 100;
constexpr std::uint32_t kDecisionsPerPage = 100;

/// Counts and hashes the lines that pass.
class LineWriter
{
public:
    explicit LineWriter(const Write& write)
        : m_write(write)
    {
    }

    Result<void> add(std::string line)
    {
        line += '\n';
        m_sha256.add(line);
        ++m_lines;
        return m_write(line);
    }

    Result<void> finish()
    {
        return m_write("{\"type\":\"end\",\"lines\":" + std::to_string(m_lines) + ",\"sha256\":\"" +
                       toHex(m_sha256.finish()) + "\"}\n");
    }

private:
    const Write& m_write;
    Sha256 m_sha256;
    std::uint64_t m_lines = 0;
};

/// Returns how many events the call has.
Result<std::uint64_t> writeEvents(store::Reader& reader, CallId call, LineWriter& lines)
{
    std::uint64_t written = 0;
    const auto done = reader.eachEvent(call, [&](const store::EventRow& event) -> Result<bool> {
        if (auto added = lines.add(eventJson(event, TypeMember::Present)); !added)
            return added.error();
        ++written;
        return true;
    });
    return done ? Result<std::uint64_t>(written) : done.error();
}

/// Returns how many decisions were made about the call.
Result<std::uint64_t> writeDecisions(store::Reader& reader, CallId call, LineWriter& lines)
{
    std::uint64_t written = 0;
    std::optional<store::Cursor> from;
    do {
        const auto page = reader.decisionsOfCall(call, from, kDecisionsPerPage);
        if (!page)
            return page.error();
        for (const store::DecisionRow& row : page->items) {
            if (auto added = lines.add(decisionJson(row, TypeMember::Present)); !added)
                return added.error();
        }
        written += page->items.size();
        from = page->next;
    } while (from);
    return written;
}

/// The calls of a session from a place on.
using ListCalls = std::function<Result<store::Page<store::CallRow>>(std::optional<store::Cursor> from)>;

Result<void> writeSession(store::Reader& reader, const store::SessionRow& session, const ListCalls& list,
                          LineWriter& lines, ExportCounts& counts)
{
    if (auto added = lines.add(sessionJson(session, TypeMember::Present)); !added)
        return added;
    std::optional<store::Cursor> from;
    do {
        const auto page = list(from);
        if (!page)
            return page.error();
        for (const store::CallRow& call : page->items) {
            if (auto added = lines.add(callJson(call, TypeMember::Present)); !added)
                return added.error();
            const auto events = call.areTextsRemoved ? Result<std::uint64_t>(0) : writeEvents(reader, call.id, lines);
            if (!events)
                return events.error();
            const auto decisions = writeDecisions(reader, call.id, lines);
            if (!decisions)
                return decisions.error();
            counts.events += *events;
            counts.decisions += *decisions;
        }
        counts.calls += page->items.size();
        from = page->next;
    } while (from);
    return {};
}

Result<ExportCounts> finished(const ExportCounts& counts, LineWriter& lines)
{
    auto done = lines.finish();
    return done ? Result<ExportCounts>(counts) : done.error();
}
} // namespace

Result<ExportCounts> exportJsonl(store::Reader& reader, std::string_view session, const Write& write)
{
    const auto row = reader.session(session);
    if (!row)
        return row.error();
    LineWriter lines(write);
    ExportCounts counts;
    const auto list = [&](std::optional<store::Cursor> from) {
        return reader.callsOfSession(session, store::Order::Ascending, from, kCallsPerPage);
    };
    if (auto written = writeSession(reader, *row, list, lines, counts); !written)
        return written.error();
    return finished(counts, lines);
}

Result<ExportCounts> exportJsonl(store::Reader& reader, FilteredLists& lists, const Write& write)
{
    LineWriter out(write);
    ExportCounts counts;
    std::optional<store::Cursor> from;
    do {
        const auto sessions = lists.sessions(from, kSessionsPerPage);
        if (!sessions)
            return sessions.error();
        for (const store::SessionRow& session : sessions->items) {
            const auto list = [&](std::optional<store::Cursor> start) {
                return lists.callsOfSession(session.id, start, kCallsPerPage);
            };
            if (auto written = writeSession(reader, session, list, out, counts); !written)
                return written.error();
        }
        from = sessions->next;
    } while (from);
    return finished(counts, out);
}

} // namespace luthien::archive
