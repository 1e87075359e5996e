// SPDX-License-Identifier: Apache-2.0
#include "desktop/store_search.h"

#include "desktop/models/call_texts.h"
#include "desktop/models/session_texts.h"
#include "desktop/models/visible_text.h"

#include <map>
#include <utility>

namespace luthien::desktop {

namespace {
Result<void> readHits(store::Reader& reader, const SearchRequest& request, LoadedHits& loaded)
{
    auto page = archive::findHits(reader, request.query, request.from, SearchSource::kPage);
    if (!page)
        return page.error();
    std::map<std::string, QString> titles;
    for (archive::TextHit& hit : page->items) {
        const auto [title, isNew] = titles.try_emplace(hit.session, visibleText(hit.session));
        if (isNew) {
            if (const auto session = reader.session(hit.session))
                title->second = sessionTitle(*session);
        }
        loaded.items.push_back({std::move(hit), title->second});
    }
    loaded.next = page->next;
    if (request.from)
        return {};
    const auto unindexed = reader.countUnindexed(SearchSource::kMostCounted);
    if (!unindexed)
        return unindexed.error();
    loaded.unindexed = *unindexed;
    return {};
}
} // namespace

StoreSearch::StoreSearch(ReaderThread& finder, QObject* parent)
    : SearchSource(parent)
    , m_finder(finder)
{
}

void StoreSearch::search(const SearchRequest& request)
{
    cancel(request.token);
    m_job = m_finder.post([this, request](const Result<store::Reader*>& reader) {
        if (request.token != m_newest)
            return;
        auto loaded = std::make_shared<LoadedHits>();
        loaded->token = request.token;
        const Result<void> done = reader ? readHits(**reader, request, *loaded) : reader.error();
        if (!done)
            loaded->error = fromUtf8(done.error().toString());
        QMetaObject::invokeMethod(this, [this, loaded] { Q_EMIT hitsLoaded(loaded); }, Qt::QueuedConnection);
    });
}

void StoreSearch::cancel(quint64 token)
{
    if (m_newest.exchange(token) != token)
        m_finder.interrupt(m_job);
}

} // namespace luthien::desktop
