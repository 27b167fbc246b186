import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import '@mantine/core/styles/PasswordInput.css';
import { useSpeech } from '../words/words';

/** A field for a password, which can be shown while it is typed. */
export function PasswordField(props: PasswordInputProps) {
  const { t } = useSpeech();
  return <PasswordInput visibilityToggleButtonProps={{ 'aria-label': t.showPassword, tabIndex: 0 }} {...props} />;
}
