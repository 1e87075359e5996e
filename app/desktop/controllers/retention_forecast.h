// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "store/reader.h"

#include <QFutureWatcher>
#include <QObject>
#include <QQmlEngine>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace luthien::desktop {

/// What is older than its time, as far as whole sessions go: those that ended before it. Of a session that reaches
/// across, only a part goes.
struct RetentionSums
{
    std::int64_t sessions = 0;
    std::int64_t bytes = 0;
    std::int64_t inPart = 0; ///< sessions that began before and went on after
    std::int64_t pinned = 0; ///< sessions that would go if they were not

    bool operator==(const RetentionSums&) const = default;
};

/// Sessions by activity before a moment, from a reader of one's own; canceled is asked between pages. Errors: Timeout
/// if it was canceled, those of the reader. Thread: the reader's.
[[nodiscard]] Result<RetentionSums> sumOlderThan(store::Reader& reader, TimePoint moment,
                                                 const std::function<bool()>& canceled);

/// What retention would remove with other values than those in force, computed beside the window as they are typed.
/// Thread: GUI.
class RetentionForecast : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(bool running READ isRunning NOTIFY changed FINAL)
    Q_PROPERTY(QString texts READ texts NOTIFY changed FINAL)
    Q_PROPERTY(QString metadata READ metadata NOTIFY changed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)

public:
    using OpenReader = std::function<Result<std::unique_ptr<store::Reader>>()>;

    /// The clock outlives the forecast.
    RetentionForecast(OpenReader openReader, const Clock& clock, QObject* parent = nullptr);
    /// Cancels and waits.
    ~RetentionForecast() override;

    [[nodiscard]] bool isRunning() const { return m_watcher.isRunning() || m_rest.isActive(); }
    /// What would become of texts, and of everything, in words; empty before the first forecast.
    [[nodiscard]] QString texts() const { return m_texts; }
    [[nodiscard]] QString metadata() const { return m_metadata; }
    [[nodiscard]] QString problem() const { return m_problem; }

    /// Values as in the configuration, "30d" or "off"; what is no value is left as it was. The newest ask wins.
    Q_INVOKABLE void forecast(const QString& bodies, const QString& metadata);

Q_SIGNALS:
    void changed();

private:
    struct Sums
    {
        std::optional<RetentionSums> bodies;   ///< none = kept for ever
        std::optional<RetentionSums> metadata; ///< as above
    };
    void begin();
    void take();

    OpenReader m_openReader;
    const Clock& m_clock;
    std::optional<std::chrono::milliseconds> m_bodies;
    std::optional<std::chrono::milliseconds> m_metadataAge;
    QTimer m_rest; ///< until the typing rests
    QFutureWatcher<Result<Sums>> m_watcher;
    QString m_texts;
    QString m_metadata;
    QString m_problem;
};

} // namespace luthien::desktop
