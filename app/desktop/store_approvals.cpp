// SPDX-License-Identifier: Apache-2.0
#include "desktop/store_approvals.h"

#include "archive/filtered_lists.h"
#include "desktop/models/call_texts.h"

namespace luthien::desktop {

namespace {
constexpr std::uint32_t kPage = 100;

void read(const Result<store::Reader*>& reader, LoadedAnswers& loaded)
{
    if (!reader) {
        loaded.error = fromUtf8(reader.error().toString());
        return;
    }
    const AnswersRequest& request = loaded.request;
    archive::FilteredLists lists(**reader, request.filter, request.now);
    auto page = lists.decisions({}, request.from, kPage);
    if (!page) {
        loaded.error = fromUtf8(page.error().toString());
        return;
    }
    loaded.items = std::move(page->items);
    loaded.next = page->next;
}
} // namespace

StoreApprovals::StoreApprovals(ReaderThread& finder, QObject* parent)
    : ApprovalHistorySource(parent)
    , m_finder(finder)
{
}

void StoreApprovals::load(const AnswersRequest& request)
{
    m_newest = request.token;
    m_finder.post([this, request](const Result<store::Reader*>& reader) {
        if (request.token < m_newest)
            return;
        auto answers = std::make_shared<LoadedAnswers>();
        answers->request = request;
        read(reader, *answers);
        QMetaObject::invokeMethod(this, [this, answers] { Q_EMIT loaded(answers); }, Qt::QueuedConnection);
    });
}

} // namespace luthien::desktop
