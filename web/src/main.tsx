import './start/trusted';
import './start/styles';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Casework } from './casework/casework';
import { readTexts } from './api/ask';
import { Screens } from './routes';
import { CommandCenter } from './shell/commands';
import { Frame } from './shell/frame';
import { createAnswers, InHouse } from './shell/house';
import { Failed, Waiting } from './shell/states';
import './push/install';
import { startWorker } from './worker/start';
import { theme } from './start/theme';
import { Toasts } from './shell/toasts';
import { Speaking } from './words/words';

const answers = createAnswers();
readTexts();
void startWorker();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Speaking>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <InHouse answers={answers} waiting={<Waiting />} failed={(again) => <Failed again={again} />}>
          <CommandCenter>
            <Toasts>
              <Casework>
                <Frame><Screens /></Frame>
              </Casework>
            </Toasts>
          </CommandCenter>
        </InHouse>
      </MantineProvider>
    </Speaking>
  </StrictMode>,
);
