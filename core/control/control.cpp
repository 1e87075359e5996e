// SPDX-License-Identifier: Apache-2.0
#include "control/control.h"

#include "control/control_server.h"

#include <future>

namespace luthien::control {

Control::Control(ControlConfig config, ControlSources sources)
    : m_config(std::move(config))
    , m_sources(std::move(sources))
{
    m_thread.setObjectName(QStringLiteral("control"));
}

Control::~Control()
{
    stop();
}

Result<std::uint16_t> Control::start()
{
    m_server = std::make_unique<ControlServer>(m_config, m_sources);
    m_server->moveToThread(&m_thread);
    // finished() comes from the thread itself: sockets are closed by the thread that opened them.
    QObject::connect(&m_thread, &QThread::finished, &m_thread, [this] { m_server.reset(); }, Qt::DirectConnection);
    std::promise<Result<std::uint16_t>> listening;
    auto outcome = listening.get_future();
    QObject::connect(&m_thread, &QThread::started, m_server.get(),
                     [server = m_server.get(), &listening] { listening.set_value(server->listen()); });
    m_thread.start();
    auto port = outcome.get();
    if (!port)
        stop();
    return port;
}

void Control::stop()
{
    m_thread.quit();
    m_thread.wait();
}

} // namespace luthien::control
