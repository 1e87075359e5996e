// SPDX-License-Identifier: Apache-2.0
#include "daemon/commands.h"
#include "runtime/upstream_secrets.h"

#include <chrono>
#include <cstdio>
#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace luthien::daemon {

namespace {
constexpr std::chrono::seconds kKeychainWait(60); // its owner may have to unlock it

Error wrongUse(std::string message)
{
    return {.code = ErrorCode::InvalidArgument, .message = std::move(message), .context = "secret"};
}

/// What is typed is not shown.
class SilentTerminal
{
public:
    SilentTerminal()
        : m_isTerminal(::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &m_before) == 0)
    {
        if (!m_isTerminal)
            return;
        std::fputs("luthiend: the key, which is not shown: ", stderr);
        termios silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~SilentTerminal()
    {
        if (!m_isTerminal)
            return;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
        std::fputc('\n', stderr);
    }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;

private:
    termios m_before{};
    const bool m_isTerminal;
};

/// One line of the standard input, and not more than a key has.
std::string readKey()
{
    const SilentTerminal silent;
    std::string key;
    for (char letter; key.size() <= runtime::UpstreamSecrets::kMaxBytes && std::cin.get(letter) && letter != '\n';)
        key += letter;
    if (key.ends_with('\r'))
        key.pop_back();
    return key;
}

Result<void> list(const runtime::UpstreamSecrets& secrets)
{
    const auto names = secrets.names();
    if (!names)
        return names.error();
    std::string text;
    for (const std::string& name : *names)
        text += name + '\n';
    return printOut(text);
}
} // namespace

CommandResult manageSecrets(const CommandContext& context)
{
    const std::vector<std::string>& words = context.line.words;
    const std::string action = words.empty() ? std::string() : words.front();
    if (action == "list" ? words.size() != 1 : (action != "set" && action != "remove") || words.size() != 2)
        return wrongUse("takes list, set NAME or remove NAME");
    const auto config = loadConfigFor(context, {});
    if (!config)
        return config.error();
    const runtime::UpstreamSecrets secrets(config->secrets, context.environment, kKeychainWait);
    auto done = action == "list"     ? list(secrets)
                : action == "remove" ? secrets.remove(words[1])
                                     : secrets.write(words[1], readKey());
    if (!done)
        return done.error();
    if (action == "set")
        std::fputs("luthiend: kept; an instance that runs takes it when it starts again\n", stderr);
    return Done;
}

} // namespace luthien::daemon
