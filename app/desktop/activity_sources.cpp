// SPDX-License-Identifier: Apache-2.0
#include "desktop/activity_sources.h"

#include "base/logging.h"
#include "desktop/models/call_texts.h"

namespace luthien::desktop {

namespace {
constexpr std::uint32_t kOpenCalls = 1000;

/// Runs in the target's thread, soon.
template <typename Function>
void deliver(QObject& target, Function function)
{
    QMetaObject::invokeMethod(&target, std::move(function), Qt::QueuedConnection);
}

template <typename Row>
void take(Result<store::Page<Row>> page, std::vector<Row>& rows, LoadedTimeline& loaded)
{
    if (!page) {
        loaded.error = fromUtf8(page.error().toString());
        return;
    }
    rows = std::move(page->items);
    loaded.next = page->next;
}
} // namespace

StoreTimeline::StoreTimeline(ReaderThread& reader, QObject* parent)
    : TimelineSource(parent)
    , m_reader(reader)
{
}

void StoreTimeline::loadCalls(quint64 token, const std::string& session, std::optional<store::Cursor> from)
{
    m_newestToken = token;
    m_reader.post([this, token, session, from](const Result<store::Reader*>& reader) {
        if (isStale(token))
            return;
        auto loaded = std::make_shared<LoadedTimeline>();
        loaded->token = token;
        using Calls = Result<store::Page<store::CallRow>>;
        take(reader ? (*reader)->callsOfSession(session, store::Order::Ascending, from, store::Reader::kMaxPage)
                    : Calls(reader.error()),
             loaded->calls, *loaded);
        deliver(*this, [this, loaded] { Q_EMIT callsLoaded(loaded); });
    });
}

void StoreTimeline::loadDecisions(quint64 token, const std::string& session, std::optional<store::Cursor> from)
{
    m_reader.post([this, token, session, from](const Result<store::Reader*>& reader) {
        if (isStale(token))
            return;
        auto loaded = std::make_shared<LoadedTimeline>();
        loaded->token = token;
        using Decisions = Result<store::Page<store::DecisionRow>>;
        take(reader ? (*reader)->decisionsOfSession(session, from, store::Reader::kMaxPage) : Decisions(reader.error()),
             loaded->decisions, *loaded);
        for (store::DecisionRow& row : loaded->decisions) // what a timeline shows of them is short
            row.decision.original = row.decision.final = {};
        deliver(*this, [this, loaded] { Q_EMIT decisionsLoaded(loaded); });
    });
}

void StoreTimeline::loadCall(quint64 token, CallId call)
{
    m_reader.post([this, token, call](const Result<store::Reader*>& reader) {
        if (!reader || isStale(token))
            return;
        auto row = (*reader)->call(call);
        if (!row) {
            if (row.error().code != ErrorCode::NotFound)
                qCWarning(lcDesktop, "cannot read a call: %s", row.error().toString().c_str());
            return;
        }
        auto loaded = std::make_shared<LoadedTimeline>();
        loaded->token = token;
        loaded->calls.push_back(*std::move(row));
        deliver(*this, [this, loaded] { Q_EMIT callLoaded(loaded); });
    });
}

StoreLiveCalls::StoreLiveCalls(ReaderThread& reader, QObject* parent)
    : LiveCallsSource(parent)
    , m_reader(reader)
{
}

void StoreLiveCalls::loadOpen()
{
    m_reader.post([this](const Result<store::Reader*>& reader) {
        auto calls = reader ? (*reader)->openCalls(kOpenCalls) : Result<std::vector<store::CallRow>>(reader.error());
        if (!calls) {
            qCWarning(lcDesktop, "cannot read which calls are open: %s", calls.error().toString().c_str());
            return;
        }
        deliver(*this, [this, rows = std::make_shared<const std::vector<store::CallRow>>(*std::move(calls))] {
            Q_EMIT openLoaded(rows);
        });
    });
}

StoreMetrics::StoreMetrics(ReaderThread& reader, QObject* parent)
    : MetricsSource(parent)
    , m_reader(reader)
{
}

void StoreMetrics::loadActivity(const store::ActivityRequest& request)
{
    m_reader.post([this, request](const Result<store::Reader*>& reader) {
        auto loaded = std::make_shared<LoadedActivity>();
        loaded->request = request;
        auto activity = reader ? (*reader)->activity(request) : Result<store::Activity>(reader.error());
        if (activity)
            loaded->activity = *std::move(activity);
        else
            loaded->error = fromUtf8(activity.error().toString());
        deliver(*this, [this, loaded] { Q_EMIT activityLoaded(loaded); });
    });
}

} // namespace luthien::desktop
