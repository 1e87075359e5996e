// SPDX-License-Identifier: Apache-2.0
// How the window feels over a large record: the work of its frames, how long the GUI thread keeps events waiting, time
// to the first frame and memory; with the software renderer and with OpenGL on the processor, on an X server of its
// own. Prints JSON.
//     bench_gui [--sessions N] [--turns N] [--seconds S] [--renderer software|opengl]
#include "desktop/running_desk.h"
#include "gui_probe.h"
#include "gui_record.h"
#include "report.h"
#include "runtime/runtime.h"

#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QGuiApplication>
#include <QProcess>
#include <QQuickItem>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <cstdio>

using namespace luthien;
using namespace luthien::bench;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
constexpr int kFrame = 16;         // milliseconds between two turns of the wheel
constexpr int kUpdate = 10;        // milliseconds between two steps of a stream
constexpr int kPatience = 120'000; // milliseconds until something that has to come is missing

void setQuietDefaults()
{
    qputenv("LUTHIEN_SECRETS", "off");
    qputenv("QT_QPA_PLATFORM", "xcb");
}

/// The window over the record, and what is done to it.
class Measurement
{
public:
    Measurement(desktop::RunningDesk& running, runtime::Runtime& runtime, int seconds, const char* renderer)
        : m_running(running)
        , m_runtime(runtime)
        , m_seconds(seconds)
        , m_renderer(renderer)
        , m_window(*qobject_cast<QQuickWindow*>(running.desk().window().engine().rootObjects().value(0)))
        , m_probe(m_window)
    {
    }

    bool run()
    {
        if (!QTest::qWaitFor([this] { return m_probe.frames().count() > 0; }, kPatience))
            return false;
        std::printf("{\"scene\":\"start\",\"renderer\":\"%s\",\"first_frame_ms\":%.0f,\"rss_mib\":%.0f}\n", m_renderer,
                    sinceProcessStart(), residentMebibytes());
        // The page is made once there are sessions to show.
        QQuickItem* list = nullptr;
        if (!QTest::qWaitFor([&] { return (list = itemLike("SessionList")) != nullptr && rows() >= 2; }, kPatience))
            return false;
        // All rows of the list are there, however many: nothing of that is measured with what follows.
        const bool isWhole =
            QTest::qWaitFor([this] { return m_parts("sessions")->property("loaded").toBool(); }, kPatience);
        std::printf("{\"scene\":\"all rows\",\"renderer\":\"%s\",\"rows\":%d,\"after_ms\":%.0f,\"rss_mib\":%.0f}\n",
                    m_renderer, rows(), sinceProcessStart(), residentMebibytes());
        return isWhole && scrollList(*list) && readConversations() && followStream();
    }

private:
    QObject* m_parts(const char* name) const
    {
        auto* parts = m_window.property("parts").value<QObject*>();
        return parts->property(name).value<QObject*>();
    }
    int rows() const { return qobject_cast<QAbstractItemModel*>(m_parts("sessions"))->rowCount(); }
    QQuickItem* itemLike(const char* type, QQuickItem* below = nullptr) const
    {
        QQuickItem* item = below == nullptr ? m_window.contentItem() : below;
        if (QByteArray(item->metaObject()->className()).startsWith(type) && item->isVisible())
            return item;
        for (QQuickItem* child : item->childItems())
            if (QQuickItem* found = itemLike(type, child))
                return found;
        return nullptr;
    }
    /// As a program waits: QTest::qWait sleeps in the window's thread, and whoever knocks there waits for it.
    static void wait(int milliseconds)
    {
        QEventLoop loop;
        QTimer::singleShot(milliseconds, Qt::PreciseTimer, &loop, &QEventLoop::quit);
        loop.exec();
    }
    void turnWheel(const QQuickItem& over, int notches)
    {
        const QPointF at = over.mapToScene({over.width() / 2, over.height() / 2});
        QWheelEvent event(at, m_window.mapToGlobal(at), {}, {0, -120 * notches}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&m_window, &event);
    }
    /// Does something again and again for some seconds and tells what it cost.
    template <typename Step>
    void scene(const char* name, int every, Step step)
    {
        wait(300); // what came before is drawn
        m_probe.restart();
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; timer.elapsed() < m_seconds * 1000; ++i) {
            step(i);
            const int left = static_cast<int>((i + 1) * every - timer.elapsed());
            wait(std::max(1, left));
        }
        const Durations frames = m_probe.frames();
        const Durations costs = m_probe.frameCosts();
        const Durations waits = m_probe.latencies();
        std::printf("{\"scene\":\"%s\",\"renderer\":\"%s\",\"frames\":%zu,\"work_p50_ms\":%.1f,\"work_p99_ms\":%.1f,"
                    "\"work_max_ms\":%.1f,\"cpu_p50_ms\":%.1f,\"cpu_p99_ms\":%.1f,\"gui_p99_ms\":%.1f,\"gui_max_ms\":%."
                    "1f,\"rss_mib\":%.0f}\n",
                    name, m_renderer, frames.count(), frames.quantile(0.5), frames.quantile(0.99), frames.quantile(1),
                    costs.quantile(0.5), costs.quantile(0.99), waits.quantile(0.99), waits.quantile(1),
                    residentMebibytes());
        std::fflush(stdout);
    }

    bool scrollList(QQuickItem& list)
    {
        scene("list, wheel", kFrame, [&](int) { turnWheel(list, 1); });
        const double most = list.property("maximumTop").toDouble();
        const int steps = m_seconds * 1000 / kFrame;
        const auto scrollTo = [&list](double top) {
            QMetaObject::invokeMethod(&list, "scrollToTop", Q_ARG(double, top));
        };
        scene("list, bar dragged", kFrame, [&](int i) { scrollTo(most * std::min(i, steps) / steps); });
        scene("list, jumps", 100, [&](int i) { scrollTo(most * ((i * 7919) % 1000) / 1000); });
        scrollTo(most);
        return QTest::qWaitFor([&list, most] { return list.property("contentTop").toDouble() >= most - 1; }, kPatience);
    }

    bool show(const char* session, QQuickItem*& conversation)
    {
        QElapsedTimer timer;
        timer.start();
        QObject* model = m_parts("conversation");
        QMetaObject::invokeMethod(model, "open", Q_ARG(QString, QString::fromLatin1(session)));
        const auto rows = [model] { return qobject_cast<QAbstractItemModel*>(model)->rowCount(); };
        const bool isThere = QTest::qWaitFor([&rows] { return rows() > 0; }, kPatience);
        std::printf("{\"scene\":\"open %s\",\"renderer\":\"%s\",\"rows_after_ms\":%lld,\"rows\":%d}\n", session,
                    m_renderer, timer.elapsed(), rows());
        conversation = itemLike("ConversationView");
        return isThere && conversation != nullptr;
    }

    bool readConversations()
    {
        QQuickItem* conversation = nullptr;
        if (!show(kLongSession, conversation))
            return false;
        scene("conversation of 10,000 turns, wheel", kFrame, [&](int) { turnWheel(*conversation, -1); });
        QObject* model = m_parts("conversation");
        scene("conversation of 10,000 turns, jumps", 100,
              [&](int i) { QMetaObject::invokeMethod(model, "jumpTo", Q_ARG(double, (i * 7919) % 1000 / 1000.0)); });
        if (QQuickItem* chart = itemLike("luthien::desktop::Waterfall")) {
            scene("timeline, zoom and pan", kFrame, [&](int i) {
                const bool isNear = i / 40 % 2 == 0;
                QMetaObject::invokeMethod(chart, "zoom", Q_ARG(double, isNear ? 0.9 : 1 / 0.9),
                                          Q_ARG(double, chart->width() / 3));
                QMetaObject::invokeMethod(chart, "pan", Q_ARG(double, 3));
            });
        }
        if (!show(kLargeSession, conversation))
            return false;
        scene("message of 1 MB, wheel", kFrame, [&](int) { turnWheel(*conversation, -1); });
        return true;
    }

    /// Everything the proxy would publish for a reply of a hundred steps a second, into the session on screen.
    bool followStream()
    {
        QObject* model = m_parts("conversation");
        QMetaObject::invokeMethod(model, "jumpToNewest");
        wait(500);
        const TimePoint now = SystemClock().now();
        live::Opened begun{.call = CallId::make(now), .at = now, .model = "claude-sonnet", .stream = true};
        begun.identity.session = kLargeSession;
        m_runtime.hub().publish(begun);
        std::uint32_t seq = 1;
        scene("stream, 100 steps a second", kUpdate, [&](int) {
            m_runtime.hub().publish(live::Delta{.call = begun.call,
                                                .firstSeq = seq,
                                                .seq = seq,
                                                .at = SystemClock().now(),
                                                .kind = conversation::EventKind::Text,
                                                .text = "some more words of a reply, "});
            ++seq;
        });
        m_runtime.hub().publish(live::Ended{.call = begun.call, .seq = seq, .at = SystemClock().now()});
        return true;
    }

    desktop::RunningDesk& m_running;
    runtime::Runtime& m_runtime;
    int m_seconds;
    const char* m_renderer;
    QQuickWindow& m_window;
    GuiProbe m_probe;
};

/// In the process that shows the window.
int measure(int& argc, char** argv, const QString& directory, int seconds, const QByteArray& renderer)
{
    const QGuiApplication application(argc, argv);
    const runtime::Variables environment = runtime::processEnvironment();
    auto paths = runtime::resolvePaths(directory.toStdString(), environment);
    runtime::ConfigSources sources{.program = runtime::Program::Desktop, .environment = environment};
    sources.commandLine.emplace_back("listen", "127.0.0.1:0");
    auto config = runtime::loadConfig(sources);
    if (!paths || !config)
        return 1;
    runtime::Runtime runtime(*std::move(config), *std::move(paths), environment);
    if (const auto started = runtime.start(); !started) {
        std::fprintf(stderr, "bench_gui: %s\n", started.error().toString().c_str());
        return 1;
    }
    desktop::RunningDesk running(runtime);
    if (!running.desk().open())
        return 1;
    const bool isDone = Measurement(running, runtime, seconds, renderer.constData()).run();
    if (!isDone)
        std::fputs("bench_gui: something that had to come did not\n", stderr);
    std::fflush(stdout);
    runtime.stop(1s);
    return isDone ? 0 : 1;
}

/// An X server that ends with it.
class XServer
{
public:
    bool start()
    {
        m_process.start(u"Xvfb"_s,
                        {u"-displayfd"_s, u"1"_s, u"-screen"_s, u"0"_s, u"1600x1000x24"_s, u"-nolisten"_s, u"tcp"_s});
        while (!m_process.canReadLine())
            if (!m_process.waitForReadyRead(kPatience))
                return false;
        qputenv("DISPLAY", ":" + m_process.readLine().trimmed());
        return true;
    }
    ~XServer()
    {
        m_process.terminate();
        m_process.waitForFinished();
    }

private:
    QProcess m_process;
};

bool runRenderer(Report& report, const QString& directory, const QString& seconds, const QString& renderer)
{
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(u"QT_QUICK_BACKEND"_s);
    if (renderer == u"software"_s)
        environment.insert(u"QT_QUICK_BACKEND"_s, u"software"_s);
    else
        environment.insert(u"QSG_RHI_BACKEND"_s, u"opengl"_s);
    child.setProcessEnvironment(environment);
    child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    child.start(QCoreApplication::applicationFilePath(),
                {u"--measure"_s, directory, u"--seconds"_s, seconds, u"--renderer"_s, renderer});
    child.waitForFinished(-1);
    for (const QByteArray& line : child.readAllStandardOutput().split('\n')) {
        if (!line.startsWith('{'))
            continue;
        report.beginRow();
        std::fputs(line.constData(), stdout);
    }
    return child.exitStatus() == QProcess::NormalExit && child.exitCode() == 0;
}

int runAll(const GuiRecord& record, const QString& seconds, const QStringList& renderers)
{
    const QTemporaryDir directory;
    XServer server;
    if (!fillRecord(directory.path(), record) || !server.start())
        return 1;
    Report report;
    bool isDone = true;
    for (const QString& renderer : renderers)
        isDone = runRenderer(report, directory.path(), seconds, renderer) && isDone;
    return isDone ? 0 : 1;
}
} // namespace

int main(int argc, char** argv)
{
    setQuietDefaults();
    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments += QString::fromLocal8Bit(argv[i]);
    QCommandLineParser parser;
    parser.addOptions({{u"sessions"_s, {}, u"N"_s, u"1000000"_s},
                       {u"turns"_s, {}, u"N"_s, u"10000"_s},
                       {u"seconds"_s, {}, u"S"_s, u"5"_s},
                       {u"renderer"_s, {}, u"NAME"_s},
                       {u"measure"_s, {}, u"DIRECTORY"_s}});
    if (!parser.parse(arguments)) {
        std::fprintf(stderr, "bench_gui: %s\n", qPrintable(parser.errorText()));
        return 2;
    }
    if (parser.isSet(u"measure"_s))
        return measure(argc, argv, parser.value(u"measure"_s), parser.value(u"seconds"_s).toInt(),
                       parser.value(u"renderer"_s).toLatin1());
    const QCoreApplication application(argc, argv);
    const QString renderer = parser.value(u"renderer"_s);
    return runAll({.sessions = parser.value(u"sessions"_s).toInt(), .turns = parser.value(u"turns"_s).toInt()},
                  parser.value(u"seconds"_s),
                  renderer.isEmpty() ? QStringList{u"software"_s, u"opengl"_s} : QStringList{renderer});
}
