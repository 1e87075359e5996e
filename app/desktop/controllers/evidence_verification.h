// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/evidence_check.h"

#include <QFutureWatcher>
#include <QObject>
#include <QQmlEngine>

#include <functional>
#include <memory>
#include <string>

namespace luthien::desktop {

/// What there is to verify, for the thread that does it.
struct EvidenceSource
{
    /// The newest link, and the id of the key that signs; both from the store. Thread: any.
    std::function<Result<store::EvidenceHead>()> head;
    std::function<Result<std::string>()> keyId;
    /// What signatures are checked with; null = they are not. Thread: GUI.
    std::function<std::shared_ptr<const store::EvidenceKey>()> key;
    /// As store::checkEvidence(), over a connection of its own. Thread: any.
    std::function<Result<store::EvidenceReport>(const store::EvidenceCheck& check)> verify;
};

/// The chain of evidence: where it ends, and whether the record is still what it says. Thread: GUI.
class EvidenceVerification : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(bool running READ isRunning NOTIFY changed FINAL)
    Q_PROPERTY(double progress READ progress NOTIFY progressed FINAL)
    Q_PROPERTY(QString head READ head NOTIFY changed FINAL)
    Q_PROPERTY(QString signature READ signature NOTIFY changed FINAL)
    Q_PROPERTY(Outcome outcome READ outcome NOTIFY changed FINAL)
    Q_PROPERTY(QString report READ report NOTIFY changed FINAL)

public:
    enum Outcome { NotVerified, Holds, Broken, Failed };
    Q_ENUM(Outcome)

    explicit EvidenceVerification(EvidenceSource source, QObject* parent = nullptr);
    /// Stops and waits.
    ~EvidenceVerification() override;

    [[nodiscard]] bool isRunning() const { return m_verifying.isRunning(); }
    /// 0 to 1, of the links there were when it began.
    [[nodiscard]] double progress() const noexcept { return m_progress; }
    /// "48212:9f3c…", to be written down elsewhere: luthiend verify --head takes it.
    [[nodiscard]] QString head() const { return m_head; }
    [[nodiscard]] QString signature() const { return m_signature; }
    [[nodiscard]] Outcome outcome() const noexcept { return m_outcome; }
    /// What was found, one finding a line.
    [[nodiscard]] QString report() const { return m_report; }

    /// Reads where the chain ends now.
    Q_INVOKABLE void refresh();
    Q_INVOKABLE void start();
    Q_INVOKABLE void cancel();

Q_SIGNALS:
    void changed();
    void progressed();

private:
    struct End
    {
        store::EvidenceHead head;
        std::string keyId;
    };
    void takeEnd();
    void takeReport();

    EvidenceSource m_source;
    QFutureWatcher<Result<End>> m_reading;
    QFutureWatcher<Result<store::EvidenceReport>> m_verifying;
    std::int64_t m_links = 0;
    double m_progress = 0;
    QString m_head;
    QString m_signature;
    Outcome m_outcome = NotVerified;
    QString m_report;
};

} // namespace luthien::desktop
