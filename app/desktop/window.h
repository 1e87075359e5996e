// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QQmlApplicationEngine>

#include <memory>

namespace luthien::desktop {

class WindowParts;

/// The QML engine with the application's window in it: no network, our icons, our modules. Thread: GUI.
class Window
{
public:
    explicit Window(WindowParts& parts);
    ~Window();

    /// False if a page did not load; the engine has said why.
    [[nodiscard]] bool load();
    /// Brings the window to the front.
    void raise();
    /// It has the keyboard.
    [[nodiscard]] bool isActive() const;
    [[nodiscard]] QQmlApplicationEngine& engine() noexcept { return m_engine; }

private:
    WindowParts& m_parts;
    std::unique_ptr<QQmlNetworkAccessManagerFactory> m_network; ///< outlives the engine
    QQmlApplicationEngine m_engine;
};

} // namespace luthien::desktop
