// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/session_export.h"

#include "archive/html_export.h"
#include "archive/jsonl_export.h"
#include "archive/markdown_export.h"
#include "desktop/models/call_texts.h"

#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QSaveFile>
#include <QStandardPaths>
#include <QThread>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr qsizetype kDirectories = 12;
constexpr qint64 kReportEveryBytes = 256 * 1024;

QString ending(SessionExport::Format format)
{
    switch (format) {
    case SessionExport::Html:
        return u".html"_s;
    case SessionExport::Markdown:
        return u".md"_s;
    case SessionExport::Jsonl:
        break;
    }
    return u".jsonl"_s;
}

Result<archive::ExportCounts> exportAs(SessionExport::Format format, store::Reader& reader, const std::string& session,
                                       const archive::Write& write)
{
    switch (format) {
    case SessionExport::Html:
        return archive::exportHtml(reader, session, write);
    case SessionExport::Markdown:
        return archive::exportMarkdown(reader, session, write);
    case SessionExport::Jsonl:
        break;
    }
    return archive::exportJsonl(reader, session, write);
}

Error ioError(const QSaveFile& file)
{
    return {
        .code = ErrorCode::Io, .message = file.errorString().toStdString(), .context = file.fileName().toStdString()};
}
} // namespace

struct SessionExport::Job
{
    std::string session;
    Format format = Jsonl;
    QString path;
};

SessionExport::SessionExport(OpenReader openReader, QObject* parent)
    : QObject(parent)
    , m_openReader(std::move(openReader))
{
}

SessionExport::~SessionExport()
{
    m_cancelled = true;
    if (m_thread)
        m_thread->wait();
}

QString SessionExport::progress() const
{
    return tr("%1 written").arg(QLocale().formattedDataSize(m_written));
}

QString SessionExport::savedText() const
{
    return m_savedPath.isEmpty() ? QString() : tr("%1 saved").arg(QLocale().formattedDataSize(m_written));
}

QString SessionExport::suggestedPath(const QString& sessionId, Format format) const
{
    QString directory = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    if (!QDir(directory).exists())
        directory = QDir::homePath();
    // An id may hold colons, which other systems do not take in a file's name.
    const QString base = QDir(directory).filePath(u"session-"_s + QString(sessionId).replace(u':', u'-').left(80));
    QString path = base + ending(format);
    for (int number = 2; QFileInfo::exists(path); ++number)
        path = base + u'-' + QString::number(number) + ending(format);
    return path;
}

QString SessionExport::withEnding(const QString& path, Format format) const
{
    for (const Format other : {Jsonl, Html, Markdown})
        if (path.endsWith(ending(other)))
            return path.chopped(ending(other).size()) + ending(format);
    return path;
}

bool SessionExport::exists(const QString& path) const
{
    return QFileInfo::exists(path);
}

QString SessionExport::directoryOf(const QString& path) const
{
    return QFileInfo(path).absolutePath();
}

QStringList SessionExport::directoriesBeside(const QString& path) const
{
    if (path.isEmpty()) // nobody asked yet
        return {};
    const QDir here(directoryOf(path));
    return QStringList{u".."_s} +
           here.entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::Readable, QDir::Name).mid(0, kDirectories);
}

QString SessionExport::moved(const QString& path, const QString& directory) const
{
    const QFileInfo file(path);
    return QDir::cleanPath(QDir(file.absolutePath()).filePath(directory)) + u'/' + file.fileName();
}

void SessionExport::begin()
{
    if (isRunning())
        return;
    m_savedPath.clear();
    m_problem.clear();
    m_written = 0;
    Q_EMIT changed();
}

void SessionExport::start(const QString& sessionId, Format format, const QString& path)
{
    if (isRunning() || sessionId.isEmpty())
        return;
    begin();
    m_cancelled = false;
    m_reported = 0;
    m_thread.reset(QThread::create([this, job = Job{sessionId.toStdString(), format, path}] {
        const auto done = write(job);
        QMetaObject::invokeMethod(this, [this, done, path = job.path] { end(done, path); }, Qt::QueuedConnection);
    }));
    m_thread->setObjectName(u"export"_s);
    m_thread->start();
    Q_EMIT changed();
}

void SessionExport::cancel()
{
    m_cancelled = true;
}

Result<void> SessionExport::write(const Job& job)
{
    auto reader = m_openReader();
    if (!reader)
        return reader.error();
    QSaveFile file(job.path);
    if (!file.open(QIODevice::WriteOnly))
        return ioError(file);
    // The record holds what people said: nobody else's business.
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    const archive::Write take = [&](std::string_view bytes) -> Result<void> {
        if (m_cancelled)
            return Error{.code = ErrorCode::Unavailable, .message = "the export was given up"};
        const auto size = static_cast<qint64>(bytes.size());
        if (file.write(bytes.data(), size) != size)
            return ioError(file);
        m_written += size;
        if (m_written - m_reported >= kReportEveryBytes) {
            m_reported = m_written.load();
            QMetaObject::invokeMethod(this, &SessionExport::changed, Qt::QueuedConnection);
        }
        return {};
    };
    const auto written = exportAs(job.format, **reader, job.session, take);
    if (!written)
        return written.error();
    if (!file.commit())
        return ioError(file);
    return {};
}

void SessionExport::end(const Result<void>& done, const QString& path)
{
    m_thread->wait();
    m_thread.reset();
    if (done)
        m_savedPath = path;
    else if (!m_cancelled)
        m_problem = fromUtf8(done.error().toString());
    Q_EMIT changed();
    Q_EMIT finished();
}

} // namespace luthien::desktop
