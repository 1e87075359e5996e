// SPDX-License-Identifier: Apache-2.0
#include "script/host/host.h"

#include "script/frame.h"
#include "script/host/sandbox.h"
#include "script/host/script_engine.h"

#include <QCoreApplication>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace luthien::script::host {

namespace {

constexpr int kFailed = 1;
constexpr int kWrongUse = 2;
constexpr std::size_t kMaxThrownBytes = 4000;

bool writeAll(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(0, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR)
            return false;
        bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    return true;
}

bool send(FrameKind kind, std::uint64_t job, std::string_view body)
{
    std::string bytes;
    appendFrame(bytes, kind, job, body);
    return writeAll(bytes);
}

bool sendThrown(std::uint64_t job, const Thrown& thrown)
{
    return send(FrameKind::Failed, job, std::to_string(thrown.line) + "\n" + thrown.message.substr(0, kMaxThrownBytes));
}

/// The next frame, waiting for it; nothing if there will be none.
std::optional<Frame> nextFrame(FrameReader& reader)
{
    std::array<char, 16UL * 1024> buffer{};
    while (true) {
        Result<std::optional<Frame>> frame = reader.next();
        if (!frame)
            return std::nullopt;
        if (*frame)
            return *std::move(frame);
        const ssize_t count = ::read(0, buffer.data(), buffer.size());
        if (count == 0 || (count < 0 && errno != EINTR))
            return std::nullopt;
        reader.add({buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0});
    }
}

bool answerLoad(ScriptEngine& engine, const Frame& frame)
{
    const auto loaded = engine.load(frame.body);
    if (const auto* thrown = std::get_if<Thrown>(&loaded))
        return sendThrown(frame.job, *thrown);
    std::string flags;
    for (const bool defined : std::get<policy::ScriptOutline>(loaded).defines)
        flags += defined ? '1' : '0';
    return send(FrameKind::Loaded, frame.job, flags);
}

bool answerRun(ScriptEngine& engine, const Frame& frame)
{
    const std::string_view body = frame.body;
    const auto function = static_cast<std::size_t>(body.empty() ? 0 : body.front() - '0');
    if (body.empty() || function >= policy::kScriptFunctionNames.size())
        return false;
    const auto said = engine.run(static_cast<policy::ScriptFunction>(function), body.substr(1));
    if (const auto* thrown = std::get_if<Thrown>(&said))
        return sendThrown(frame.job, *thrown);
    const auto& text = std::get<std::string>(said);
    if (text.size() > policy::kMaxScriptResultBytes)
        return sendThrown(frame.job, {0, "what the function returned is too large"});
    return send(FrameKind::Returned, frame.job, text);
}

/// What the engine does for the first time may read files: time zone, locale. So it does it before they are out of
/// reach.
void warmUp()
{
    ScriptEngine engine;
    (void)engine.load(
        "function onText(x) { return luthien.allow({a: new Date().toString() + new Date().toLocaleString()"
        " + (1234.5).toLocaleString() + 'b'.localeCompare('a') + 'a'.normalize() + Math.random(),"
        " b: luthien.match('(a)+', 'aa') }); }");
    (void)engine.run(policy::ScriptFunction::OnText, "{}");
}

bool isStartedByProgram()
{
    struct stat status{};
    return ::fstat(0, &status) == 0 && S_ISSOCK(status.st_mode);
}

} // namespace

int serve(int argumentCount, char** arguments)
{
    if (!isStartedByProgram()) {
        std::fputs("luthien-script-host: runs scripts of policies for luthien and luthiend, which start it\n", stderr);
        return kWrongUse;
    }
    if (!restrictProcess({}))
        return kFailed;
    ::clearenv();
    // No look at /etc/localtime, no event loop of another library, no code made at run time.
    qputenv("TZ", "UTC0");
    qputenv("QT_NO_GLIB", "1");
    qputenv("QV4_FORCE_INTERPRETER", "1");
    ::tzset();
    const QCoreApplication application(argumentCount, arguments);
    std::set_new_handler([] { ::_exit(kOutOfMemory); });
    std::set_terminate([] { ::_exit(kOutOfMemory); }); // the toolkit throws where it cannot allocate
    qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString&) {});
    warmUp();
    ScriptEngine engine;
    if (!shutIn() || !send(FrameKind::Ready, 0, LUTHIEN_VERSION))
        ::_exit(kFailed);
    FrameReader reader(policy::kMaxScriptArgumentBytes + policy::kMaxScriptBytes);
    bool goesOn = true;
    for (std::optional<Frame> frame; goesOn && (frame = nextFrame(reader));)
        goesOn = frame->kind == FrameKind::Load ? answerLoad(engine, *frame)
                                                : frame->kind == FrameKind::Run && answerRun(engine, *frame);
    // Nothing is torn down: destructors may want what is out of reach.
    ::_exit(0);
}

} // namespace luthien::script::host
