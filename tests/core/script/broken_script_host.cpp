// SPDX-License-Identifier: Apache-2.0
// Stands where a script host should and breaks the protocol; how is told by the name it is started under.
#include "script/frame.h"

#include <filesystem>
#include <string>
#include <unistd.h>

using luthien::script::FrameKind;

namespace {

void send(FrameKind kind, std::uint64_t job, std::string_view body)
{
    std::string bytes;
    luthien::script::appendFrame(bytes, kind, job, body);
    [[maybe_unused]] const ssize_t ignored = ::write(0, bytes.data(), bytes.size());
}

/// Waits for what the program sends.
void hear()
{
    char buffer[4096];
    [[maybe_unused]] const ssize_t ignored = ::read(0, buffer, sizeof buffer);
}

} // namespace

int main(int, char** arguments)
{
    const std::string how = std::filesystem::path(arguments[0]).filename().string();
    send(FrameKind::Ready, 0, how == "other-version" ? "0" : LUTHIEN_VERSION);
    hear();
    if (how == "answers-first")
        send(FrameKind::Returned, 1, R"({"verdict":"continue"})");
    send(FrameKind::Loaded, 0, how == "odd-outline" ? "1" : "0010");
    hear();
    if (how == "other-job")
        send(FrameKind::Returned, 77, R"({"verdict":"continue"})");
    else if (how == "no-frame") [[maybe_unused]]
        const ssize_t ignored = ::write(0, R"({"verdict":"continue"} {"verdict":"continue"})", 45);
    else if (how == "too-large")
        send(FrameKind::Returned, 1, std::string(9UL << 20, 'x'));
    else if (how == "own-kind")
        send(FrameKind::Run, 1, R"({"verdict":"continue"})");
    else
        send(FrameKind::Returned, 1, R"({"verdict":"continue"})");
    hear();
    return 0;
}
