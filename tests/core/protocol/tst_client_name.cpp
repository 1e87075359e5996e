// SPDX-License-Identifier: Apache-2.0
#include "protocol/client_name.h"
#include "support/test_registry.h"

using namespace luthien::protocol;

namespace {

class TestClientName : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void userAgentsAreRead_data()
    {
        QTest::addColumn<QByteArray>("userAgent");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("version");
        const auto row = [](const char* userAgent, const char* name, const char* version) {
            QTest::newRow(*userAgent == '\0' ? "no user agent" : userAgent)
                << QByteArray(userAgent) << QByteArray(name) << QByteArray(version);
        };
        row("claude-cli/2.1.197 (external, sdk-cli)", "claude-code", "2.1.197");
        row("codex_exec/0.169.0 (Debian 12.0.0; x86_64) dumb", "codex", "0.169.0");
        row("codex_cli_rs/0.50.0", "codex", "0.50.0");
        row("opencode/1.18.33 (linux; x64) ai-sdk/provider-utils/4.0.40", "opencode", "1.18.33");
        row("GeminiCLI-tui/0.61.0/gemini-2.5-flash (linux; x64; terminal)", "gemini-cli", "0.61.0");
        row("OpenAI/JS 6.49.0", "openai-node", "6.49.0");
        row("AsyncOpenAI/Python 3.3.1", "openai-python", "3.3.1");
        row("Anthropic/JS 1.12.0", "anthropic-node", "1.12.0");
        row("Anthropic/Python 0.121.0", "anthropic-python", "0.121.0");
        row("google-genai-sdk/2.32.0 gl-node/v20", "google-genai", "2.32.0");
        row("ai-sdk/openai/3.0.141 ai-sdk/provider-utils/4.0.66", "ai-sdk", "3.0.141");
        row("litellm/1.80.0", "litellm", "1.80.0");
        row("Aider/0.90 +https://aider.chat", "aider", "0.90");
        row("Cline/3.1.0", "cline", "3.1.0");
        row("curl/8.5.0", "curl", "8.5.0");
        row("python-requests/2.31.0", "python-requests", "2.31.0");
        row("Mozilla/5.0 (X11; Linux)", "Mozilla", "5.0");
        row("unversioned", "unversioned", "");
        row("<script>/1 x", "", "1");
        row("", "", "");
    }
    void userAgentsAreRead()
    {
        QFETCH(QByteArray, userAgent);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, version);
        const ClientName client = clientNameOf(userAgent.toStdString());
        QCOMPARE(QByteArray::fromStdString(client.name), name);
        QCOMPARE(QByteArray::fromStdString(client.version), version);
    }
};

} // namespace

LUTHIEN_TEST(tst_client_name, TestClientName)
#include "tst_client_name.moc"
