// SPDX-License-Identifier: Apache-2.0
#include "archive/curl_command.h"
#include "support/test_registry.h"

#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>

using namespace luthien;
using archive::curlCommand;
using archive::shellWord;
using conversation::Api;

namespace {
/// What a program named curl was asked for by a command, as bash reads it.
struct Asked
{
    QByteArrayList words;
    QByteArray input;
};

class Shell
{
public:
    Shell()
    {
        QFile program(m_directory.filePath(QStringLiteral("curl")));
        const bool isWritten =
            program.open(QIODevice::WriteOnly) &&
            program.write("#!/bin/bash\n"
                          "printf '%s\\0' \"$@\" > \"$ASKED/words\"\n"
                          "for word; do [ \"$word\" = @- ] && cat > \"$ASKED/input\"; done; :\n") > 0;
        program.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
        m_isReady = isWritten;
    }

    [[nodiscard]] Asked run(const std::string& command)
    {
        QProcess bash;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("ASKED"), m_directory.path());
        environment.insert(QStringLiteral("PATH"),
                           m_directory.path() + u':' + environment.value(QStringLiteral("PATH")));
        environment.insert(QStringLiteral("ANTHROPIC_API_KEY"), QStringLiteral("the key"));
        bash.setProcessEnvironment(environment);
        bash.start(QStringLiteral("/bin/bash"), {QStringLiteral("-s")});
        bash.write(QByteArray::fromStdString(command + '\n'));
        bash.closeWriteChannel();
        if (!m_isReady || !bash.waitForFinished() || bash.exitCode() != 0 || !bash.readAllStandardError().isEmpty())
            return {};
        Asked asked{.words = take("words").split('\0'), .input = take("input")};
        asked.words.removeLast();
        return asked;
    }

private:
    QByteArray take(const char* name)
    {
        QFile file(m_directory.filePath(QLatin1String(name)));
        const QByteArray bytes = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        file.remove();
        return bytes;
    }

    QTemporaryDir m_directory;
    bool m_isReady = false;
};
} // namespace

class TestCurlCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesWhatWasAsked()
    {
        const std::string body = "{\"text\":\"it's `$HOME` \\\\ !!\"}";
        const Asked asked = Shell().run(curlCommand(
            {.api = Api::AnthropicMessages,
             .head = "{\"method\":\"POST\",\"target\":\"/v1/messages?beta=true\",\"headers\":["
                     "[\"Host\",\"127.0.0.1:4000\"],[\"content-type\",\"application/json\"],[\"x-api-key\","
                     "\"[redacted]\"],[\"Content-Length\",\"30\"],[\"x-empty\",\"\"],[\"Accept-Encoding\",\"gzip\"]]}",
             .body = body,
             .address = "http://127.0.0.1:4000"}));
        const QByteArrayList expected{"-q",
                                      "-sS",
                                      "-N",
                                      "--globoff",
                                      "-X",
                                      "POST",
                                      "http://127.0.0.1:4000/v1/messages?beta=true",
                                      "-H",
                                      "content-type: application/json",
                                      "-H",
                                      "x-api-key: the key",
                                      "-H",
                                      "x-empty;",
                                      "--data-raw",
                                      QByteArray::fromStdString(body)};
        QCOMPARE(asked.words, expected);
    }

    void namesAVariableWhereACredentialStood_data()
    {
        QTest::addColumn<int>("api");
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char* name, Api api, const char* header, const char* words) {
            QTest::newRow(name) << static_cast<int>(api) << QByteArray(header) << QByteArray(words);
        };
        row("a key of Anthropic", Api::AnthropicMessages, "X-Api-Key", "-H 'X-Api-Key: '\"$ANTHROPIC_API_KEY\"");
        row("a token of Claude Code", Api::AnthropicMessages, "authorization",
            "-H 'authorization: Bearer '\"$ANTHROPIC_AUTH_TOKEN\"");
        row("a key of OpenAI", Api::OpenAiResponses, "Authorization", "-H 'Authorization: Bearer '\"$OPENAI_API_KEY\"");
        row("a key of Gemini", Api::Gemini, "x-goog-api-key", "-H 'x-goog-api-key: '\"$GEMINI_API_KEY\"");
        row("anything else by its name", Api::Gemini, "X-Luthien-Token", "-H 'X-Luthien-Token: '\"$X_LUTHIEN_TOKEN\"");
    }
    void namesAVariableWhereACredentialStood()
    {
        QFETCH(const int, api);
        QFETCH(const QByteArray, header);
        QFETCH(const QByteArray, words);
        const std::string head =
            "{\"method\":\"POST\",\"target\":\"/\",\"headers\":[[\"" + header.toStdString() + "\",\"[redacted]\"]]}";
        const std::string command =
            curlCommand({.api = static_cast<Api>(api), .head = head, .body = {}, .address = "http://h"});
        QVERIFY2(command.find(words.toStdString()) != std::string::npos, command.c_str());
    }

    void aKeyInTheAddressIsAVariableToo()
    {
        const std::string command = curlCommand(
            {.api = Api::Gemini,
             .head = "{\"method\":\"GET\",\"target\":\"/v1beta/models?key=[redacted]&alt=sse\",\"headers\":[]}",
             .body = {},
             .address = "http://h"});
        QCOMPARE(QByteArray::fromStdString(command),
                 QByteArray("curl -q -sS -N --globoff 'http://h/v1beta/models?key='\"$GEMINI_API_KEY\"'&alt=sse'"));
    }

    // Every byte, in many orders: bash reads one word, and it is the text.
    void anyBytesAreOneWord()
    {
        QRandomGenerator random(3);
        Shell shell;
        const std::string special = "'\"\\$`!\n\r\t @-;&|<>(){}[]*?~#%\x1b\x7f\xc3\xa9\xe2\x80\xae\xff";
        for (int round = 0; round < 120; ++round) {
            std::string text;
            const std::size_t size = random.bounded(60U);
            while (text.size() < size)
                text += random.bounded(2U) == 0 ? special[random.bounded(static_cast<quint32>(special.size()))]
                                                : static_cast<char>(1 + random.bounded(255U));
            const Asked asked = shell.run("curl " + shellWord(text) + " end");
            QCOMPARE(asked.words, (QByteArrayList{QByteArray::fromStdString(text), "end"}));
            for (const char c : shellWord(text))
                QVERIFY(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
        }
    }

    void bodiesArriveAsTheyAre_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("one that names a file") << QByteArray("@/etc/passwd");
        QTest::newRow("one that begins like an option") << QByteArray("-X");
        QTest::newRow("one with NUL") << QByteArray("a\0b\n", 4);
        QTest::newRow("one longer than a word can be") << QByteArray("'x\n").repeated(100'000);
    }
    void bodiesArriveAsTheyAre()
    {
        QFETCH(const QByteArray, body);
        const std::string bytes = body.toStdString();
        const Asked asked = Shell().run(curlCommand({.api = Api::OpenAiChat,
                                                     .head = "{\"method\":\"POST\",\"target\":\"/\",\"headers\":[]}",
                                                     .body = bytes,
                                                     .address = "http://h"}));
        const bool isWord = asked.words.contains("--data-raw");
        QVERIFY(isWord || asked.words.contains("--data-binary"));
        QCOMPARE(isWord ? asked.words.last() : asked.input, body);
        QVERIFY(asked.words.contains("Content-Type:")); // which takes out the one curl would make up
    }
};

LUTHIEN_TEST(tst_curl_command, TestCurlCommand)
#include "tst_curl_command.moc"
