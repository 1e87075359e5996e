// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "demo/model_script.h"

#include <QTcpServer>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace luthien::demo {

/// A provider on 127.0.0.1 whose model is nextTurn(): speaks Messages and Responses, streamed in small pieces or
/// whole. Bounded in connections and request sizes. Thread: the one that made it, which runs an event loop.
class Provider : public QObject
{
    Q_OBJECT
public:
    /// pace = pause between two events of a stream.
    explicit Provider(std::chrono::milliseconds pace);

    /// The port. Errors: Io.
    [[nodiscard]] Result<std::uint16_t> listen();

Q_SIGNALS:
    /// The model has answered, and the first byte of it has not left yet.
    void answering(const luthien::demo::ModelTurn& turn);

private:
    void accept();

    std::chrono::milliseconds m_pace;
    QTcpServer m_server;
    std::string m_runMark; ///< random: ids differ from run to run, as a provider's do
    int m_replies = 0;
};

} // namespace luthien::demo
