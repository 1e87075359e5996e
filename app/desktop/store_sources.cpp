// SPDX-License-Identifier: Apache-2.0
#include "desktop/store_sources.h"

#include "archive/filtered_lists.h"
#include "base/logging.h"
#include "desktop/models/call_texts.h"
#include "desktop/models/visible_text.h"

#include <algorithm>
#include <chrono>

namespace luthien::desktop {

namespace {
// A filter that hardly any of a million sessions matches looks at all of them; whoever types on ends it.
constexpr std::chrono::seconds kSearchDeadline(120);
// Enough for a screen.
constexpr std::uint32_t kFirstFound = 50;

/// Runs in the target's thread, soon.
template <typename Function>
void deliver(QObject& target, Function function)
{
    QMetaObject::invokeMethod(&target, std::move(function), Qt::QueuedConnection);
}

using SessionPage = Result<store::Page<store::SessionRow>>;

template <typename Read>
std::shared_ptr<LoadedSessions> readSessions(const Result<store::Reader*>& reader, Read read)
{
    auto loaded = std::make_shared<LoadedSessions>();
    SessionPage page = reader ? read(**reader) : SessionPage(reader.error());
    if (page) {
        loaded->items = std::move(page->items);
        loaded->next = page->next;
    } else {
        loaded->error = fromUtf8(page.error().toString());
    }
    return loaded;
}

/// What is wanted mostly stands side by side, but sections and filters pick single ones out of all: how much is read at
/// once goes by how much of it was wanted the last time.
SessionPage readRows(store::Reader& reader, const std::vector<store::Cursor>& places)
{
    store::Page<store::SessionRow> wanted;
    std::size_t ahead = places.size();
    for (std::size_t next = 0; next < places.size();) {
        const store::Cursor before{.micros = places[next].micros, .row = places[next].row + 1};
        const auto page = reader.sessions(before, static_cast<std::uint32_t>(std::min(ahead, places.size() - next)));
        if (!page)
            return page.error();
        std::size_t used = 0;
        const store::Cursor last = page->items.empty() ? store::Cursor{} : page->items.back().cursor;
        const std::size_t first = next;
        for (const store::SessionRow& row : page->items) {
            while (next < places.size() && places[next] > row.cursor)
                ++next; // not there any more
            if (next < places.size() && places[next] == row.cursor) {
                wanted.items.push_back(row);
                ++used;
                ++next;
            }
        }
        while (next < places.size() && (!page->next || places[next] >= last))
            ++next;
        next = std::max(next, first + 1);
        ahead = used == page->items.size() ? 2 * ahead : 1;
    }
    return wanted;
}
} // namespace

StoreSessions::StoreSessions(ReaderThread& reader, ReaderThread& finder, QObject* parent)
    : SessionSource(parent)
    , m_reader(reader)
    , m_finder(finder)
{
}

void StoreSessions::loadList(std::optional<store::Cursor> from)
{
    m_reader.post([this, from](const Result<store::Reader*>& reader) {
        deliver(*this, [this, loaded = readSessions(reader, [&](store::Reader& open) {
                                  return open.sessions(from, store::Reader::kMaxPage);
                              })] { Q_EMIT listLoaded(loaded); });
    });
}

void StoreSessions::loadRows(quint64 token, std::vector<store::Cursor> places)
{
    m_reader.postForScreen(
        [this, token, places = std::move(places)](const Result<store::Reader*>& reader) {
            auto loaded = readSessions(reader, [&](store::Reader& open) { return readRows(open, places); });
            loaded->token = token;
            deliver(*this, [this, loaded] { Q_EMIT pageLoaded(loaded); });
        },
        // Later: the model is in the middle of asking.
        [this, token] { deliver(*this, [this, token] { Q_EMIT pageDropped(token); }); });
}

void StoreSessions::find(const SessionSearch& search)
{
    m_newestSearch = search.token;
    m_finder.interrupt(m_searchJob);
    m_searchJob = m_finder.post([this, search](const Result<store::Reader*>& reader) {
        if (search.token != m_newestSearch)
            return;
        auto loaded = readSessions(reader, [&](store::Reader& open) {
            open.setDeadline(kSearchDeadline);
            return archive::FilteredLists(open, search.filter, search.now)
                .sessions(search.from, search.from ? store::Reader::kMaxPage : kFirstFound);
        });
        loaded->token = search.token;
        deliver(*this, [this, loaded] { Q_EMIT found(loaded); });
    });
}

void StoreSessions::check(const SessionSearch& search, const std::string& id)
{
    m_finder.post([this, search, id](const Result<store::Reader*>& reader) {
        if (!reader || search.token != m_newestSearch)
            return;
        archive::FilteredLists calls(**reader, search.filter, search.now);
        const auto page = calls.callsOfSession(id, std::nullopt, 1);
        if (!page) {
            qCWarning(lcDesktop, "cannot ask a session: %s", page.error().toString().c_str());
            return;
        }
        // One that takes too long is listed, as FilteredLists does: leaving it out could hide what is looked for.
        const bool matches = !page->items.empty() || page->next;
        deliver(*this, [this, token = search.token, id, matches] { Q_EMIT checked(token, id, matches); });
    });
}

void StoreSessions::loadSession(const std::string& id)
{
    m_reader.post([this, id](const Result<store::Reader*>& reader) {
        auto session = reader ? (*reader)->session(id) : Result<store::SessionRow>(reader.error());
        if (!session && session.error().code == ErrorCode::NotFound)
            return deliver(*this, [this, id] { Q_EMIT sessionMissing(id); });
        if (!session)
            return deliver(
                *this, [this, id, why = visibleText(session.error().toString())] { Q_EMIT sessionFailed(id, why); });
        deliver(*this, [this, row = std::make_shared<const store::SessionRow>(*std::move(session))] {
            Q_EMIT sessionLoaded(row);
        });
    });
}

} // namespace luthien::desktop
