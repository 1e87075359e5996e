// SPDX-License-Identifier: Apache-2.0
#include "desktop/store_sources.h"

#include "base/logging.h"
#include "desktop/call_reading.h"
#include "desktop/models/call_texts.h"

namespace luthien::desktop {

namespace {
/// Runs in the target's thread, soon.
template <typename Function>
void deliver(QObject& target, Function function)
{
    QMetaObject::invokeMethod(&target, std::move(function), Qt::QueuedConnection);
}

std::shared_ptr<LoadedSessions> readSessions(const Result<store::Reader*>& reader, std::optional<store::Cursor> from,
                                             std::uint32_t limit)
{
    auto loaded = std::make_shared<LoadedSessions>();
    if (!reader) {
        loaded->error = fromUtf8(reader.error().toString());
        return loaded;
    }
    auto page = (*reader)->sessions(from, limit);
    if (!page) {
        loaded->error = fromUtf8(page.error().toString());
        return loaded;
    }
    loaded->items = std::move(page->items);
    loaded->next = page->next;
    return loaded;
}

Result<void> readCalls(const Result<store::Reader*>& reader, LoadedCalls& loaded)
{
    if (!reader)
        return reader.error();
    const CallsRequest& request = loaded.request;
    const auto page = (*reader)->callsOfSession(request.session, request.order, request.from, request.limit);
    if (!page)
        return page.error();
    loaded.more = page->next.has_value();
    for (const store::CallRow& call : page->items) {
        auto view = readCallView(**reader, call);
        if (!view)
            return view.error();
        loaded.calls.push_back(*std::move(view));
    }
    return {};
}
} // namespace

StoreSessions::StoreSessions(ReaderThread& reader, QObject* parent)
    : SessionSource(parent)
    , m_reader(reader)
{
}

void StoreSessions::loadList(std::optional<store::Cursor> from)
{
    m_reader.post([this, from](const Result<store::Reader*>& reader) {
        deliver(*this,
                [this, loaded = readSessions(reader, from, store::Reader::kMaxPage)] { Q_EMIT listLoaded(loaded); });
    });
}

void StoreSessions::loadPage(quint64 token, std::optional<store::Cursor> from, std::uint32_t limit)
{
    m_reader.postForScreen(
        [this, token, from, limit](const Result<store::Reader*>& reader) {
            auto loaded = readSessions(reader, from, limit);
            loaded->token = token;
            deliver(*this, [this, loaded] { Q_EMIT pageLoaded(loaded); });
        },
        // Later: the model is in the middle of asking.
        [this, token] { deliver(*this, [this, token] { Q_EMIT pageDropped(token); }); });
}

void StoreSessions::loadSession(const std::string& id)
{
    m_reader.post([this, id](const Result<store::Reader*>& reader) {
        if (!reader)
            return;
        auto session = (*reader)->session(id);
        if (!session && session.error().code == ErrorCode::NotFound)
            return deliver(*this, [this, id] { Q_EMIT sessionMissing(id); });
        if (!session) {
            qCWarning(lcDesktop, "cannot read a session: %s", session.error().toString().c_str());
            return;
        }
        deliver(*this, [this, row = std::make_shared<const store::SessionRow>(*std::move(session))] {
            Q_EMIT sessionLoaded(row);
        });
    });
}

StoreConversation::StoreConversation(ReaderThread& reader, QObject* parent)
    : ConversationSource(parent)
    , m_reader(reader)
{
}

void StoreConversation::loadCalls(const CallsRequest& request)
{
    m_newestToken = request.token;
    m_reader.post([this, request](const Result<store::Reader*>& reader) {
        if (isStale(request.token))
            return;
        auto loaded = std::make_shared<LoadedCalls>();
        loaded->request = request;
        if (auto done = readCalls(reader, *loaded); !done)
            loaded->error = fromUtf8(done.error().toString());
        deliver(*this, [this, loaded] { Q_EMIT callsLoaded(loaded); });
    });
}

void StoreConversation::loadCall(quint64 token, CallId call)
{
    m_reader.post([this, token, call](const Result<store::Reader*>& reader) {
        if (!reader || isStale(token))
            return;
        const auto row = (*reader)->call(call);
        auto view = row ? readCallView(**reader, *row) : Result<CallView>(row.error());
        if (!view) {
            qCWarning(lcDesktop, "cannot read a call: %s", view.error().toString().c_str());
            return;
        }
        deliver(*this, [this, token, shared = std::make_shared<CallView>(*std::move(view))] {
            Q_EMIT callLoaded(token, shared);
        });
    });
}

void StoreConversation::loadPlaces(quint64 token, const std::string& session, std::optional<store::Cursor> from)
{
    m_reader.post([this, token, session, from](const Result<store::Reader*>& reader) {
        if (!reader || isStale(token))
            return;
        const auto page = (*reader)->callsOfSession(session, store::Order::Descending, from, store::Reader::kMaxPage);
        if (!page)
            return; // the page of the same calls, read just before, has told why
        auto loaded = std::make_shared<LoadedPlaces>();
        loaded->token = token;
        loaded->next = page->next;
        for (const store::CallRow& call : page->items)
            loaded->places.push_back(call.cursor);
        deliver(*this, [this, loaded] { Q_EMIT placesLoaded(loaded); });
    });
}

} // namespace luthien::desktop
