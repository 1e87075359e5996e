// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/retention_forecast.h"

#include "runtime/config_values.h"

#include <QLocale>
#include <QtConcurrent>

#include <limits>

namespace luthien::desktop {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {
constexpr auto kRest = 300ms;

/// Zero = off.
std::optional<milliseconds> ageFrom(const QString& text)
{
    if (text.trimmed() == u"off")
        return milliseconds(0);
    const auto age = runtime::parseDuration(text.trimmed().toStdString());
    return age ? std::optional(*age) : std::nullopt;
}

QString sessionsText(std::int64_t count)
{
    return count == 1 ? RetentionForecast::tr("1 session")
                      : RetentionForecast::tr("%1 sessions").arg(QLocale().toString(static_cast<qlonglong>(count)));
}

QString describe(const std::optional<RetentionSums>& sums, const QString& what)
{
    if (!sums)
        return RetentionForecast::tr("%1: kept until somebody deletes it").arg(what);
    QString text = sums->sessions == 0
                       ? RetentionForecast::tr("%1: no whole session would go now").arg(what)
                       : RetentionForecast::tr("%1: %2 would go now, %3 as stored")
                             .arg(what, sessionsText(sums->sessions),
                                  QLocale().formattedDataSize(sums->bytes, 1, QLocale::DataSizeIecFormat));
    if (sums->inPart > 0)
        text += RetentionForecast::tr("; %1 in part").arg(sessionsText(sums->inPart));
    if (sums->pinned > 0)
        text += RetentionForecast::tr("; %1 stay because they are pinned").arg(sessionsText(sums->pinned));
    return text;
}
} // namespace

Result<RetentionSums> sumOlderThan(store::Reader& reader, TimePoint moment, const std::function<bool()>& canceled)
{
    RetentionSums sums;
    // Newest activity first: what was active since then may still have begun before.
    std::optional<store::Cursor> from;
    while (true) {
        if (canceled())
            return Error{.code = ErrorCode::Timeout, .message = "It was canceled."};
        const auto page = reader.sessions(from, store::Reader::kMaxPage);
        if (!page)
            return page.error();
        for (const store::SessionRow& session : page->items) {
            if (session.firstAt >= moment)
                continue;
            const bool isWhole = session.lastAt < moment;
            if (session.isPinned)
                ++sums.pinned;
            else if (!isWhole)
                ++sums.inPart;
            else {
                ++sums.sessions;
                sums.bytes += session.bytes;
            }
        }
        if (!page->next)
            return sums;
        from = page->next;
    }
}

RetentionForecast::RetentionForecast(OpenReader openReader, const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_openReader(std::move(openReader))
    , m_clock(clock)
{
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRest);
    connect(&m_rest, &QTimer::timeout, this, &RetentionForecast::begin);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, &RetentionForecast::take);
}

RetentionForecast::~RetentionForecast()
{
    m_watcher.cancel();
    m_watcher.waitForFinished();
}

void RetentionForecast::forecast(const QString& bodies, const QString& metadata)
{
    const auto bodiesAge = ageFrom(bodies);
    const auto metadataAge = ageFrom(metadata);
    if (!bodiesAge || !metadataAge || (bodiesAge == m_bodies && metadataAge == m_metadataAge && m_problem.isEmpty()))
        return;
    m_bodies = bodiesAge;
    m_metadataAge = metadataAge;
    m_rest.start();
    Q_EMIT changed();
}

void RetentionForecast::begin()
{
    m_watcher.cancel();
    const auto sum = [](QPromise<Result<Sums>>& promise, const OpenReader& open, TimePoint now, milliseconds bodies,
                        milliseconds metadata) {
        auto reader = open();
        if (!reader) {
            promise.addResult(Result<Sums>(reader.error()));
            return;
        }
        Sums sums;
        for (const auto& [age, target] : {std::pair(bodies, &sums.bodies), std::pair(metadata, &sums.metadata)}) {
            if (age.count() == 0)
                continue;
            const auto older = sumOlderThan(**reader, now - age, [&promise] { return promise.isCanceled(); });
            if (!older) {
                promise.addResult(Result<Sums>(older.error()));
                return;
            }
            *target = *older;
        }
        promise.addResult(Result<Sums>(sums));
    };
    m_watcher.setFuture(QtConcurrent::run(sum, m_openReader, m_clock.now(), m_bodies.value_or(milliseconds(0)),
                                          m_metadataAge.value_or(milliseconds(0))));
    Q_EMIT changed();
}

void RetentionForecast::take()
{
    if (m_watcher.isCanceled() || m_watcher.future().resultCount() == 0)
        return;
    const Result<Sums> sums = m_watcher.result();
    m_problem = sums ? QString() : QString::fromStdString(sums.error().toString());
    if (sums) {
        m_texts = describe(sums->bodies, tr("Texts"));
        m_metadata = describe(sums->metadata, tr("Everything"));
    }
    Q_EMIT changed();
}

} // namespace luthien::desktop
