// SPDX-License-Identifier: Apache-2.0
#include "runtime/taken_port.h"

#include <QHostAddress>
#include <QTcpServer>

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>
#include <vector>

namespace luthien::runtime {

namespace fs = std::filesystem;

namespace {
constexpr std::uint16_t kPortsTried = 100;
constexpr std::string_view kListening = "0A"; // TCP_LISTEN, include/net/tcp_states.h

/// Inodes of the sockets that listen on the port. Source: proc_net_tcp, "sl local_address rem_address st ... inode".
std::set<std::string> listeningSockets(std::uint16_t port)
{
    std::set<std::string> sockets;
    for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::ifstream file(table);
        std::string line;
        std::getline(file, line); // the heading
        while (std::getline(file, line)) {
            std::istringstream words(line);
            std::array<std::string, 10> column;
            for (std::string& word : column)
                words >> word;
            const std::string digits = column[1].substr(column[1].find(':') + 1);
            unsigned number = 0;
            std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
            if (number == port && column[3] == kListening)
                sockets.insert("socket:[" + column[9] + ']');
        }
    }
    return sockets;
}

bool holdsOneOf(const fs::path& process, const std::set<std::string>& sockets)
{
    std::error_code failed;
    // Other users' cannot be looked into: the iterator is at its end at once.
    for (fs::directory_iterator entry(process / "fd", failed), end; !failed && entry != end; entry.increment(failed)) {
        std::error_code gone;
        const fs::path target = fs::read_symlink(entry->path(), gone);
        if (!gone && sockets.contains(target.string()))
            return true;
    }
    return false;
}
} // namespace

std::string portHolder(std::uint16_t port)
{
    const std::set<std::string> sockets = listeningSockets(port);
    if (sockets.empty())
        return {};
    std::error_code failed;
    for (fs::directory_iterator entry("/proc", failed), end; !failed && entry != end; entry.increment(failed)) {
        const std::string id = entry->path().filename().string();
        if (id.find_first_not_of("0123456789") != std::string::npos || !holdsOneOf(entry->path(), sockets))
            continue;
        std::string name;
        std::ifstream command(entry->path() / "comm");
        std::getline(command, name);
        return (name.empty() ? std::string("a program") : name) + " (process " + id + ')';
    }
    return {};
}

std::optional<Endpoint> freePortAbove(const Endpoint& endpoint)
{
    const QHostAddress address(endpoint.host == "localhost" ? QStringLiteral("127.0.0.1")
                                                            : QString::fromStdString(endpoint.host));
    for (int port = endpoint.port + 1; port <= endpoint.port + kPortsTried && port <= 65'535; ++port) {
        QTcpServer probe;
        if (probe.listen(address, static_cast<quint16>(port)))
            return Endpoint{.host = endpoint.host, .port = static_cast<std::uint16_t>(port)};
    }
    return {};
}

Error portTaken(const Endpoint& endpoint, std::string_view option)
{
    const std::string holder = portHolder(endpoint.port);
    std::string message = "is in use by " + (holder.empty() ? std::string("another program") : holder);
    if (const auto free = freePortAbove(endpoint))
        message += "; " + free->toString() + " is free: " + std::string(option) + ' ' + free->toString();
    return {.code = ErrorCode::Conflict, .message = std::move(message), .context = endpoint.toString()};
}

} // namespace luthien::runtime
