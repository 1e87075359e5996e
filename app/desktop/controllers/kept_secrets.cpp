// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/kept_secrets.h"

#include "desktop/models/visible_text.h"

#include <utility>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr int kEndsWithinMs = 2000;
constexpr qint64 kMostText = 64 * 1024;
} // namespace

KeptSecrets::KeptSecrets(QStringList command, QObject* parent)
    : QObject(parent)
    , m_command(std::move(command))
{
    connect(&m_process, &QProcess::finished, this, &KeptSecrets::take);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        m_problem = tr("%1 could not be started").arg(m_command.value(0));
        Q_EMIT changed();
    });
}

KeptSecrets::~KeptSecrets()
{
    m_process.disconnect(this);
    m_process.kill();
    m_process.waitForFinished(kEndsWithinMs);
}

void KeptSecrets::refresh()
{
    m_problem.clear();
    run({u"list"_s}, {});
}

void KeptSecrets::set(const QString& name, const QString& key)
{
    run({u"set"_s, name.trimmed()}, key.trimmed().toUtf8() + '\n');
}

void KeptSecrets::remove(const QString& name)
{
    run({u"remove"_s, name}, {});
}

void KeptSecrets::run(const QStringList& words, QByteArray input)
{
    if (isBusy() || m_command.isEmpty())
        return;
    m_isListing = words.constFirst() == u"list";
    m_process.start(m_command.constFirst(), m_command.sliced(1) + words);
    m_process.write(input);
    input.fill('\0');
    m_process.closeWriteChannel();
    Q_EMIT changed();
}

void KeptSecrets::take(int exitCode, QProcess::ExitStatus status)
{
    const bool isDone = status == QProcess::NormalExit && exitCode == 0;
    if (!isDone)
        m_problem = visibleText(QString::fromUtf8(m_process.readAllStandardError().left(kMostText)).trimmed());
    else if (m_isListing)
        m_names = visibleText(QString::fromUtf8(m_process.readAllStandardOutput().left(kMostText)))
                      .split(u'\n', Qt::SkipEmptyParts);
    if (isDone && !m_isListing)
        refresh();
    else
        Q_EMIT changed();
}

} // namespace luthien::desktop
