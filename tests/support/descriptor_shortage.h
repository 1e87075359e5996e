// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QtGlobal>

#include <atomic>
#include <sys/resource.h>
#include <unistd.h>

namespace luthien::test {

/// As long as it lives this process can open no descriptor, and warnings are counted instead of printed.
class DescriptorShortage
{
public:
    DescriptorShortage()
        : m_lowestFree(::dup(0))
    {
        s_warnings = 0;
        m_before = qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString&) { ++s_warnings; });
        ::getrlimit(RLIMIT_NOFILE, &m_limit);
        const rlimit none{.rlim_cur = static_cast<rlim_t>(m_lowestFree) + 1, .rlim_max = m_limit.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~DescriptorShortage()
    {
        ::setrlimit(RLIMIT_NOFILE, &m_limit);
        ::close(m_lowestFree);
        qInstallMessageHandler(m_before);
    }
    DescriptorShortage(const DescriptorShortage&) = delete;
    DescriptorShortage& operator=(const DescriptorShortage&) = delete;

    [[nodiscard]] int warnings() const { return s_warnings; }

private:
    static inline std::atomic<int> s_warnings{0};
    int m_lowestFree;
    rlimit m_limit{};
    QtMessageHandler m_before = nullptr;
};

} // namespace luthien::test
