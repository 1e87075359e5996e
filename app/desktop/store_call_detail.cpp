// SPDX-License-Identifier: Apache-2.0
#include "desktop/store_call_detail.h"

#include "desktop/call_detail_reading.h"
#include "desktop/models/call_texts.h"

#include <type_traits>

namespace luthien::desktop {

namespace {
constexpr std::uint32_t kEventsPerPage = 400;
} // namespace

StoreCallDetail::StoreCallDetail(ReaderThread& reader, QObject* parent)
    : CallDetailSource(parent)
    , m_reader(reader)
{
}

template <typename Read, typename Tell>
void StoreCallDetail::ask(quint64 token, Read read, Tell tell)
{
    m_newestToken = std::max<quint64>(m_newestToken, token);
    m_reader.post([this, token, read = std::move(read), tell = std::move(tell)](const Result<store::Reader*>& reader) {
        if (token < m_newestToken)
            return;
        using Value = std::decay_t<decltype(*read(**reader))>;
        auto result = reader ? read(**reader) : Result<Value>(reader.error());
        if (!result) {
            const QString problem = fromUtf8(result.error().toString());
            QMetaObject::invokeMethod(
                this, [this, token, problem] { Q_EMIT failed(token, problem); }, Qt::QueuedConnection);
            return;
        }
        QMetaObject::invokeMethod(
            this, [tell, value = std::make_shared<const Value>(*std::move(result))] { tell(value); },
            Qt::QueuedConnection);
    });
}

void StoreCallDetail::loadDetail(quint64 token, CallId call)
{
    ask(
        token, [call](store::Reader& reader) { return readCallDetail(reader, call); },
        [this, token](const std::shared_ptr<const CallDetail>& detail) { Q_EMIT detailLoaded(token, detail); });
}

void StoreCallDetail::loadText(quint64 token, CallId call, CallText which)
{
    ask(
        token, [call, which](store::Reader& reader) { return readCallText(reader, call, which); },
        [this, token, which](const std::shared_ptr<const std::string>& text) {
            Q_EMIT textLoaded(token, which, text);
        });
}

void StoreCallDetail::loadEvents(quint64 token, CallId call, std::uint32_t from)
{
    ask(
        token, [call, from](store::Reader& reader) { return readEventBriefs(reader, call, from, kEventsPerPage); },
        [this, token](const std::shared_ptr<const EventBriefs>& page) {
            const std::shared_ptr<const std::vector<EventBrief>> events(page, &page->items);
            Q_EMIT eventsLoaded(token, events, page->next.has_value());
        });
}

void StoreCallDetail::loadEvent(quint64 token, CallId call, std::uint32_t seq)
{
    ask(
        token, [call, seq](store::Reader& reader) { return readEvent(reader, call, seq); },
        [this, token, seq](const std::shared_ptr<const std::string>& bytes) { Q_EMIT eventLoaded(token, seq, bytes); });
}

void StoreCallDetail::loadForm(quint64 token, CallId call, CallForm form, const std::string& address)
{
    ask(
        token, [call, form, address](store::Reader& reader) { return readCallForm(reader, call, form, address); },
        [this, token, form](const std::shared_ptr<const std::string>& text) {
            Q_EMIT formLoaded(token, form, fromUtf8(*text));
        });
}

} // namespace luthien::desktop
