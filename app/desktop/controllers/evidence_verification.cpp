// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/evidence_verification.h"

#include "desktop/models/visible_text.h"

#include <QLocale>
#include <QtConcurrent>

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr int kSteps = 1000;

QString number(std::int64_t count)
{
    return QLocale().toString(static_cast<qlonglong>(count));
}

QString describe(const store::EvidenceReport& report)
{
    QStringList lines;
    if (report.firstBreak)
        lines << visibleText(report.firstBreak->what);
    else if (report.head.number == 0)
        lines << EvidenceVerification::tr("The chain is empty.");
    else
        lines << EvidenceVerification::tr("%1 links hold.").arg(number(report.head.number));
    for (const store::SignedStretch& stretch : report.stretches) {
        const QString links =
            EvidenceVerification::tr("Links %1 to %2").arg(number(stretch.first), number(stretch.last));
        if (stretch.keyId.empty())
            lines << EvidenceVerification::tr("%1 are not signed.").arg(links);
        else if (stretch.isVerified)
            lines << EvidenceVerification::tr("%1 are signed with key %2.").arg(links, visibleText(stretch.keyId));
        else
            lines << EvidenceVerification::tr("%1 are signed with key %2, which is not at hand.")
                         .arg(links, visibleText(stretch.keyId));
    }
    if (report.removed > 0)
        lines << EvidenceVerification::tr("Removed since, as later links say: %1.").arg(number(report.removed));
    if (report.bodiless > 0)
        lines << EvidenceVerification::tr("Of these only the texts: %1.").arg(number(report.bodiless));
    return lines.join(u'\n');
}
} // namespace

EvidenceVerification::EvidenceVerification(EvidenceSource source, QObject* parent)
    : QObject(parent)
    , m_source(std::move(source))
{
    connect(&m_reading, &QFutureWatcherBase::finished, this, &EvidenceVerification::takeEnd);
    connect(&m_verifying, &QFutureWatcherBase::finished, this, &EvidenceVerification::takeReport);
    connect(&m_verifying, &QFutureWatcherBase::progressValueChanged, this, [this](int step) {
        m_progress = static_cast<double>(step) / kSteps;
        Q_EMIT progressed();
    });
}

EvidenceVerification::~EvidenceVerification()
{
    m_verifying.cancel();
    m_reading.waitForFinished();
    m_verifying.waitForFinished();
}

void EvidenceVerification::refresh()
{
    if (m_reading.isRunning())
        return;
    m_reading.setFuture(QtConcurrent::run([source = m_source]() -> Result<End> {
        const auto head = source.head();
        if (!head)
            return head.error();
        const auto keyId = source.keyId();
        return keyId ? Result<End>(End{.head = *head, .keyId = *keyId}) : keyId.error();
    }));
}

void EvidenceVerification::takeEnd()
{
    if (m_reading.future().resultCount() == 0)
        return;
    const Result<End> end = m_reading.result();
    if (end) {
        m_links = end->head.number;
        m_head = m_links == 0 ? QString()
                              : QString::number(m_links) + u':' + QString::fromStdString(toHex(end->head.sha256));
        m_signature = end->keyId.empty() ? tr("Not signed") : tr("Signed with key %1").arg(visibleText(end->keyId));
    } else {
        m_signature = QString::fromStdString(end.error().toString());
    }
    Q_EMIT changed();
}

void EvidenceVerification::start()
{
    if (isRunning())
        return;
    m_progress = 0;
    m_outcome = NotVerified;
    m_report.clear();
    const std::int64_t links = std::max<std::int64_t>(1, m_links);
    const auto verify = [links](QPromise<Result<store::EvidenceReport>>& promise, const EvidenceSource& source,
                                const std::shared_ptr<const store::EvidenceKey>& key) {
        promise.setProgressRange(0, kSteps);
        promise.addResult(source.verify({.key = key.get(), .progress = [&promise, links](std::int64_t link) {
                                             promise.setProgressValue(static_cast<int>(
                                                 std::min<std::int64_t>(kSteps, link * kSteps / links)));
                                             return !promise.isCanceled();
                                         }}));
    };
    m_verifying.setFuture(QtConcurrent::run(verify, m_source, m_source.key()));
    Q_EMIT changed();
    Q_EMIT progressed();
}

void EvidenceVerification::cancel()
{
    m_verifying.cancel();
    Q_EMIT changed();
}

void EvidenceVerification::takeReport()
{
    if (m_verifying.isCanceled() || m_verifying.future().resultCount() == 0) {
        Q_EMIT changed();
        return;
    }
    const Result<store::EvidenceReport> report = m_verifying.result();
    if (!report) {
        m_outcome = Failed;
        m_report = QString::fromStdString(report.error().toString());
    } else {
        m_outcome = report->firstBreak ? Broken : Holds;
        m_report = describe(*report);
    }
    Q_EMIT changed();
    refresh();
}

} // namespace luthien::desktop
