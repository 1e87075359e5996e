// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "store/reader.h"

#include <QObject>
#include <QQmlEngine>
#include <QStringList>

#include <atomic>
#include <functional>
#include <memory>

class QThread;

namespace luthien::desktop {

/// Writes a session to a file, in a thread of its own with a reader of its own. The file appears when it is complete.
/// Thread: GUI.
class SessionExport : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(bool running READ isRunning NOTIFY changed FINAL)
    Q_PROPERTY(QString progress READ progress NOTIFY changed FINAL)
    Q_PROPERTY(QString savedPath READ savedPath NOTIFY changed FINAL)
    Q_PROPERTY(QString savedText READ savedText NOTIFY changed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)

public:
    enum Format { Jsonl, Html, Markdown };
    Q_ENUM(Format)
    using OpenReader = std::function<Result<std::unique_ptr<store::Reader>>()>;

    /// openReader is called on the export's thread.
    explicit SessionExport(OpenReader openReader, QObject* parent = nullptr);
    /// Gives up what runs, and waits for it.
    ~SessionExport() override;

    [[nodiscard]] bool isRunning() const noexcept { return m_thread != nullptr; }
    /// "12.4 MB written"
    [[nodiscard]] QString progress() const;
    /// The last file that was written; empty = none since begin().
    [[nodiscard]] QString savedPath() const { return m_savedPath; }
    [[nodiscard]] QString savedText() const;
    [[nodiscard]] QString problem() const { return m_problem; }

    /// A name for the file in the person's usual directory, one that is not taken.
    [[nodiscard]] Q_INVOKABLE QString suggestedPath(const QString& sessionId,
                                                    luthien::desktop::SessionExport::Format format) const;
    /// The same path with the ending of a format.
    [[nodiscard]] Q_INVOKABLE QString withEnding(const QString& path,
                                                 luthien::desktop::SessionExport::Format format) const;
    [[nodiscard]] Q_INVOKABLE bool exists(const QString& path) const;
    /// The directory a path is in; and ways to others from there, "..", then the first few of those in it.
    [[nodiscard]] Q_INVOKABLE QString directoryOf(const QString& path) const;
    [[nodiscard]] Q_INVOKABLE QStringList directoriesBeside(const QString& path) const;
    /// The file's name in another directory: one beside it, or ".." for the one above.
    [[nodiscard]] Q_INVOKABLE QString moved(const QString& path, const QString& directory) const;

    /// Forgets what came of the last one.
    Q_INVOKABLE void begin();
    /// Replaces a file of that name. finished() follows.
    Q_INVOKABLE void start(const QString& sessionId, luthien::desktop::SessionExport::Format format,
                           const QString& path);
    Q_INVOKABLE void cancel();

Q_SIGNALS:
    void changed();
    void finished();

private:
    struct Job;
    [[nodiscard]] Result<void> write(const Job& job);
    void end(const Result<void>& done, const QString& path);

    OpenReader m_openReader;
    std::unique_ptr<QThread> m_thread;
    std::atomic<bool> m_cancelled = false;
    std::atomic<qint64> m_written = 0;
    std::atomic<qint64> m_reported = 0;
    QString m_savedPath;
    QString m_problem;
};

} // namespace luthien::desktop
