// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QProcess>
#include <QQmlEngine>
#include <QStringList>

namespace luthien::desktop {

/// The names of the keys that upstreams can be paid with, and setting or removing one; never the keys themselves. The
/// work is that of "luthiend secret", in a process of its own: a keychain answers when its owner does. Thread: GUI.
class KeptSecrets : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QStringList names READ names NOTIFY changed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)
    Q_PROPERTY(bool busy READ isBusy NOTIFY changed FINAL)

public:
    /// The program with the arguments that name the configuration; what is to be done follows them.
    explicit KeptSecrets(QStringList command, QObject* parent = nullptr);
    ~KeptSecrets() override;

    [[nodiscard]] QStringList names() const { return m_names; }
    /// Why the last thing could not be done; empty = it was.
    [[nodiscard]] QString problem() const { return m_problem; }
    [[nodiscard]] bool isBusy() const { return m_process.state() != QProcess::NotRunning; }

    /// One at a time: does nothing while it is busy. \{
    Q_INVOKABLE void refresh();
    Q_INVOKABLE void set(const QString& name, const QString& key);
    Q_INVOKABLE void remove(const QString& name);
    /// \}

Q_SIGNALS:
    void changed();

private:
    void run(const QStringList& words, QByteArray input);
    void take(int exitCode, QProcess::ExitStatus status);

    const QStringList m_command;
    QProcess m_process;
    bool m_isListing = false;
    QStringList m_names;
    QString m_problem;
};

} // namespace luthien::desktop
