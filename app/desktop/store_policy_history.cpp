// SPDX-License-Identifier: Apache-2.0
#include "desktop/store_policy_history.h"

#include "desktop/models/call_texts.h"

namespace luthien::desktop {

namespace {
constexpr std::uint32_t kPage = 500;

void read(const Result<store::Reader*>& reader, LoadedPolicyHistory& history)
{
    auto page = reader ? (*reader)->policyHistory(history.policyId, {}, kPage)
                       : Result<store::Page<store::PolicyChangeRow>>(reader.error());
    if (!page) {
        history.error = fromUtf8(page.error().toString());
        return;
    }
    history.rows = std::move(page->items);
    history.isCut = page->next.has_value();
}
} // namespace

StorePolicyHistory::StorePolicyHistory(ReaderThread& reader, QObject* parent)
    : PolicyHistorySource(parent)
    , m_reader(reader)
{
}

void StorePolicyHistory::load(const std::string& policyId)
{
    m_reader.post([this, policyId](const Result<store::Reader*>& reader) {
        auto history = std::make_shared<LoadedPolicyHistory>();
        history->policyId = policyId;
        read(reader, *history);
        QMetaObject::invokeMethod(this, [this, history] { Q_EMIT loaded(history); }, Qt::QueuedConnection);
    });
}

} // namespace luthien::desktop
