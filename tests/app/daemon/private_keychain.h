// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <cstdint>

namespace luthien::test {

/// A session bus with a Secret Service of its own: dbus-daemon and gnome-keyring-daemon, nothing of the user's.
class PrivateKeychain
{
public:
    enum class Keyring : std::uint8_t { Unlocked, None };

    PrivateKeychain() = default;
    ~PrivateKeychain()
    {
        for (QProcess* const process : {&m_watch, &m_keyring, &m_bus}) {
            process->terminate();
            if (!process->waitForFinished(5'000))
                process->kill();
            process->waitForFinished();
        }
    }
    PrivateKeychain(const PrivateKeychain&) = delete;
    PrivateKeychain& operator=(const PrivateKeychain&) = delete;

    /// False, with a line that says why, if one of the programs cannot be had.
    [[nodiscard]] bool start(Keyring keyring = Keyring::Unlocked)
    {
        m_variables.insert(QStringLiteral("HOME"), m_directory.path());
        m_variables.insert(QStringLiteral("XDG_RUNTIME_DIR"), m_directory.path());
        m_variables.insert(QStringLiteral("PATH"), qEnvironmentVariable("PATH"));
        run(m_bus, QStringLiteral("dbus-daemon"),
            {QStringLiteral("--session"), QStringLiteral("--nofork"), QStringLiteral("--print-address")});
        if (!m_bus.waitForReadyRead(10'000)) {
            qCritical("%s", qPrintable(m_bus.errorString()));
            return false;
        }
        m_variables.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QString::fromLatin1(m_bus.readLine()).trimmed());
        run(m_watch, QStringLiteral("dbus-monitor"),
            {QStringLiteral("--session"), QStringLiteral("interface='org.gnome.keyring.internal.Prompter'"),
             QStringLiteral("interface='org.freedesktop.Secret.Prompt'")});
        QStringList words{QStringLiteral("--foreground"), QStringLiteral("--components=secrets")};
        if (keyring == Keyring::Unlocked)
            words.prepend(QStringLiteral("--unlock"));
        run(m_keyring, QStringLiteral("gnome-keyring-daemon"), words);
        m_keyring.write(keyring == Keyring::Unlocked ? "password" : "");
        m_keyring.closeWriteChannel();
        // The first answer comes once the service is there.
        const auto answers = [this] {
            return call(QStringLiteral("dbus-send"),
                        {QStringLiteral("--session"), QStringLiteral("--print-reply"),
                         QStringLiteral("--dest=org.freedesktop.DBus"), QStringLiteral("/"),
                         QStringLiteral("org.freedesktop.DBus.NameHasOwner"),
                         QStringLiteral("string:org.freedesktop.secrets")})
                .contains("true");
        };
        return QTest::qWaitFor(answers, 10'000);
    }

    [[nodiscard]] const QProcessEnvironment& variables() const { return m_variables; }
    /// What the keychain holds for us; empty = nothing.
    [[nodiscard]] QByteArray secret(const QString& name = QStringLiteral("evidence-key"))
    {
        return call(QStringLiteral("secret-tool"), {QStringLiteral("lookup"), QStringLiteral("user"), name,
                                                    QStringLiteral("server"), QStringLiteral("luthien")})
            .trimmed();
    }
    /// Whether anybody wanted a person to be asked since the start.
    [[nodiscard]] bool wasAskedToPrompt()
    {
        m_watched += m_watch.readAllStandardOutput();
        return m_watched.contains("member=Prompt") || m_watched.contains("member=BeginPrompting");
    }
    void forget()
    {
        call(QStringLiteral("secret-tool"),
             {QStringLiteral("clear"), QStringLiteral("user"), QStringLiteral("evidence-key"), QStringLiteral("server"),
              QStringLiteral("luthien")});
    }

private:
    void run(QProcess& process, const QString& program, const QStringList& words)
    {
        process.setProcessEnvironment(m_variables);
        process.start(program, words);
    }
    QByteArray call(const QString& program, const QStringList& words)
    {
        QProcess process;
        run(process, program, words);
        process.waitForFinished(10'000);
        return process.readAllStandardOutput();
    }

    QTemporaryDir m_directory;
    QProcessEnvironment m_variables;
    QProcess m_bus;
    QProcess m_keyring;
    QProcess m_watch;
    QByteArray m_watched;
};

} // namespace luthien::test
